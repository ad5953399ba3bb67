import { describe, expect, it } from '@jest/globals';
import { HostPresenceBook } from './host-presence.js';

const WEB1 = 'web1.example.net';

function book() {
  let now = Date.parse('2026-03-01T10:00:00.000Z');
  return {
    presence: new HostPresenceBook({ now: () => new Date(now) }),
    pass: (ms: number) => {
      now += ms;
    },
  };
}

describe('HostPresenceBook', () => {
  it('knows nothing of a host it never heard', () => {
    expect(book().presence.of(WEB1)).toEqual({
      reachable: null,
      lastHeardAt: null,
      listenerVersion: null,
    });
  });

  it('takes a host for reachable until it was silent for more than 15 seconds', () => {
    const { presence, pass } = book();
    presence.note(WEB1, '0.1.0');
    pass(15_000);
    expect(presence.of(WEB1)).toEqual({
      reachable: true,
      lastHeardAt: '2026-03-01T10:00:00.000Z',
      listenerVersion: '0.1.0',
    });
    pass(1);
    expect(presence.of(WEB1).reachable).toBe(false);
    presence.note(WEB1, '0.2.0');
    expect(presence.of(WEB1)).toMatchObject({ reachable: true, listenerVersion: '0.2.0' });
  });
});
