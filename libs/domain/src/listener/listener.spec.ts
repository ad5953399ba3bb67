import type { Certname, HostTrouble, RequestId } from '@gantry/contracts';
import { describe, expect, it } from '@jest/globals';
import type { Meta } from '../decision.js';
import {
  attentionKeyOfTrouble,
  decideListener,
  evolveListener,
  initialListener,
  troubleItem,
  type ListenerFact,
  type ListenerState,
} from './listener.js';

const host = 'web1.lab' as Certname;
const meta = (fence: number): Meta => ({
  now: '2026-03-01T12:00:00.000Z',
  fence,
  sha256: (t) => t,
});
const ask = (fence: number, known = true) =>
  decideListener(
    { type: 'listener.resync', data: { host, role: 'agent', reason: 'new disk' }, known },
    initialListener,
    meta(fence),
  );
const after = (events: readonly ListenerFact[]): ListenerState =>
  events.reduce(evolveListener, initialListener);

describe('a resync that a person asks for', () => {
  it('is on record before it is asked for, with numbers nobody has had', () => {
    const decision = ask(70_000);
    expect(decision).toMatchObject({
      outcome: 'accepted',
      events: [
        { type: 'listener.resync-requested', data: { host, reason: 'new disk' } },
        {
          type: 'puppet.resync.requested',
          data: { host, role: 'agent', epoch: 70_000, seq: 70_001 },
        },
      ],
    });
  });

  it('is refused for a host the fleet file does not name', () => {
    expect(ask(70_000, false)).toMatchObject({
      outcome: 'refused',
      refusal: { status: 'not-found', code: 'unknown-host' },
    });
  });

  it('is over when the listener says so, once, and closes its item', () => {
    const asked = ask(70_000);
    if (asked.outcome !== 'accepted') throw new Error('not accepted');
    const done = (state: ListenerState, requestId: string) =>
      decideListener(
        {
          type: 'puppet.host.resynced',
          data: { host, role: 'agent', requestId: requestId as RequestId },
        },
        state,
        meta(1),
      );
    const state = after(asked.events);
    expect(done(state, 'resync-1').outcome).toBe('ignored');
    const over = done(state, 'resync-70000');
    expect(over).toMatchObject({
      outcome: 'accepted',
      also: [{ type: 'attention.closed', data: { key: 'needs-resync.web1.lab' } }],
    });
    if (over.outcome !== 'accepted') throw new Error('not accepted');
    expect(done(after([...asked.events, ...over.events]), 'resync-70000').outcome).toBe('ignored');
  });
});

describe('the item of a trouble', () => {
  it.each<[HostTrouble, string, string]>([
    ['needs-resync', 'host-needs-resync', 'gantry hosts resync web1.lab --publisher --reason'],
    ['clock-off', 'host-clock-off', 'Set the clock'],
    ['key-changed', 'host-key-changed', 'new key'],
    ['flooding', 'host-flooding', 'Look at the listener'],
  ])('%s says what to do, apart for the two listeners of a machine', (trouble, kind, todo) => {
    const item = troubleItem({ host, role: 'publisher', trouble, detail: 'd' });
    expect(item).toMatchObject({ kind, host, key: `${trouble}.publisher.web1.lab` });
    expect(item.todo).toContain(todo);
    expect(attentionKeyOfTrouble(trouble, host, 'agent')).toBe(`${trouble}.web1.lab`);
  });
});
