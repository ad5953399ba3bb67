import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AttentionOpened, DataOf } from '@gantry/contracts';
import { Log } from '@gantry/service-kit';
import type { AttentionDesk } from '../attention/attention-desk.js';
import { ServiceWatch } from './service-watch.js';

const START = Date.parse('2026-01-01T00:00:00.000Z');
const AUDIT = { service: 'audit', instance: 'audit-1', startedAt: '2026-01-01T00:00:00.000Z' };

describe('ServiceWatch', () => {
  let nowMs: number;
  let open: Map<string, DataOf<typeof AttentionOpened>>;
  let watch: ServiceWatch;
  const bus = { up: true, heardSince: () => new Date(START).toISOString() };

  beforeEach(() => {
    nowMs = START;
    open = new Map();
    bus.up = true;
    const desk: Pick<AttentionDesk, 'open' | 'close'> = {
      open: (item) => Promise.resolve(void open.set(item.key, item)),
      close: (key) => Promise.resolve(void open.delete(key)),
    };
    watch = new ServiceWatch(
      { GANTRY_EXPECTED_SERVICES: ['audit'] },
      bus,
      desk,
      { now: () => new Date(nowMs) },
      new Log({ service: 'test', write: () => undefined }),
    );
  });

  const after = async (ms: number): Promise<readonly string[]> => {
    nowMs += ms;
    await watch.now();
    return [...open.keys()];
  };
  const failing = [{ check: 'database', reason: 'the database does not answer' }];

  it('says nothing before it has listened for half a minute', async () => {
    expect(await after(29_000)).toEqual([]);
    expect(await after(1_000)).toEqual(['service.silent.audit']);
  });

  it('closes the item when the service is heard of, and opens it again when it falls silent', async () => {
    expect(await after(30_000)).toEqual(['service.silent.audit']);
    watch.hear({ ...AUDIT, failing: [] });
    expect(await after(1_000)).toEqual([]);
    expect(await after(30_000)).toEqual(['service.silent.audit']);
  });

  it('tells of a service that cannot work for half a minute, with its reason', async () => {
    for (let s = 0; s < 30; s += 5) {
      watch.hear({ ...AUDIT, failing });
      expect(await after(5_000)).toEqual(s < 25 ? [] : ['service.not-ready.audit']);
    }
    expect(open.get('service.not-ready.audit')?.detail).toBe(
      'database: the database does not answer',
    );
    watch.hear({ ...AUDIT, failing: [] });
    expect(await after(1_000)).toEqual([]);
  });

  it('is content with one replica that can work', async () => {
    for (let s = 0; s < 60; s += 5) {
      watch.hear({ ...AUDIT, failing });
      watch.hear({ ...AUDIT, instance: 'audit-2', failing: [] });
      expect(await after(5_000)).toEqual([]);
    }
  });

  it('judges nobody while messages do not travel', async () => {
    bus.up = false;
    expect(await after(600_000)).toEqual([]);
  });
});
