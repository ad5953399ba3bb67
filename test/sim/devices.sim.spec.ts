import { describe, expect, it } from '@jest/globals';
import { endings, eventsOf, holds, starts } from './expect-holds.js';
import { oneDeployment, twoDeployments } from './fleets.js';

const LIMIT = 600_000;

describe('the load balancer', () => {
  it(
    'F-074 carries a command out and answers with a time-out: found by reading, not called failed',
    async () => {
      const played = await holds(
        oneDeployment('untold', [
          { atMs: 1_000, kind: 'device-untold', percent: 100, forMs: 300_000 },
        ]),
      );
      expect(played.world.branches.table()['device write untold']).toBeGreaterThan(0);
      expect(endings(played)).toEqual(['succeeded']);
    },
    LIMIT,
  );

  it(
    'F-075 says yes and does nothing: no run is started on a host that is in traffic',
    async () => {
      const played = await holds(
        oneDeployment('deaf', [{ atMs: 1_000, kind: 'device-deaf', forMs: 6_000 }]),
      );
      expect(endings(played)).toEqual(['succeeded']);
      const drained = eventsOf(played, 'deployment.host-drained') as readonly {
        readonly evidence: { readonly drainedAt: string };
      }[];
      const firstAt = Date.parse(drained[0]?.evidence.drainedAt ?? '') - played.world.sim.startMs;
      expect(firstAt).toBeGreaterThan(7_000);
      expect(starts(played)).toBe(3);
    },
    LIMIT,
  );

  it.each([2_800, 4_500, 10_000, 20_000])(
    'F-079 reloads %i ms after the beginning and forgets: the host under work is out again soon',
    async (atMs) => {
      const played = await holds(
        oneDeployment(`reload ${atMs}`, [{ atMs, kind: 'device-reload' }]),
      );
      expect(endings(played)).toEqual(['succeeded']);
      const table = played.world.branches.table();
      // Each replica watches what is out, so both may put it right.
      expect(
        (table['watch took a host out again'] ?? 0) + (table['drain set again'] ?? 0),
      ).toBeGreaterThan(0);
    },
    LIMIT,
  );

  it(
    'F-084 finds a host down that is well by its own check: it is not called done, and somebody is told',
    async () => {
      const played = await holds(
        oneDeployment('disagrees', [
          { atMs: 4_000, kind: 'device-disagrees', member: 'web1.sim', forMs: 300_000 },
        ]),
      );
      const done = eventsOf(played, 'deployment.host-done') as readonly { readonly host: string }[];
      expect(done.map(({ host }) => host)).not.toContain('web1.sim');
      expect(played.world.chronicle.attention.has('host-out-of-service.web1.sim')).toBe(true);
      expect(endings(played)).not.toContain('succeeded');
    },
    LIMIT,
  );

  it(
    'F-084 finds a host up whose own check is red: it is not put back',
    async () => {
      const played = await holds({
        ...oneDeployment('red', [{ atMs: 4_000, kind: 'sick', host: 'web1.sim', forMs: 60_000 }]),
      });
      const enabled = eventsOf(played, 'lb.enable.requested') as readonly {
        readonly host: string;
      }[];
      expect(enabled.map(({ host }) => host)).not.toContain('web1.sim');
      expect(played.world.chronicle.attention.has('host-out-of-service.web1.sim')).toBe(true);
    },
    LIMIT,
  );

  it(
    'F-101 two applications on the same hosts, each host in two pools: no deadlock, no pool below its minimum',
    async () => {
      for (let i = 0; i < 20; i++) {
        const played = await holds(twoDeployments(`same hosts ${i}`));
        expect(endings(played)).toEqual(['succeeded', 'succeeded']);
      }
    },
    LIMIT,
  );
});

describe('hosts', () => {
  it(
    "F-061 somebody runs Puppet already: ours waits, and is taken for nobody else's",
    async () => {
      const played = await holds(
        oneDeployment('foreign run', [
          { atMs: 2_500, kind: 'foreign-run', host: 'web1.sim', forMs: 30_000 },
        ]),
      );
      expect(played.world.branches.table()['run waited for a lock']).toBeGreaterThan(0);
      expect(endings(played)).toEqual(['succeeded']);
    },
    LIMIT,
  );

  it(
    'F-062 Puppet is disabled: the host goes back unchanged, and is not tried again and again',
    async () => {
      const played = await holds({
        ...oneDeployment('disabled'),
        runs: { 'web1.sim': ['disabled'] },
      });
      expect(played.world.host('web1.sim')?.runs).toEqual([]);
      expect(played.world.device.shown('web').every(({ inService }) => inService)).toBe(true);
    },
    LIMIT,
  );

  it(
    'F-066 the disk is full: the host refuses before it runs',
    async () => {
      const played = await holds(
        oneDeployment('full', [
          { atMs: 3_000, kind: 'disk-full', host: 'web1.sim', forMs: 60_000 },
        ]),
      );
      expect(played.world.host('web1.sim')?.runs).toEqual([]);
      expect(endings(played)).not.toContain('succeeded');
    },
    LIMIT,
  );

  it(
    'F-070 every host would fail alike: only the first is touched',
    async () => {
      const runs = { 'web1.sim': ['fails'], 'web2.sim': ['fails'], 'web3.sim': ['fails'] } as const;
      let untouched = 0;
      const played = await holds(
        {
          ...oneDeployment('all fail', [{ atMs: 100_000, kind: 'wish', wish: 'cancel', which: 0 }]),
          runs,
        },
        {
          prepare: (world) =>
            world.sim.after(99_000, () => (untouched = starts({ world } as never))),
        },
      );
      expect(untouched).toBe(1);
      expect(endings(played)).toEqual(['cancelled']);
      expect(starts(played)).toBe(1);
    },
    LIMIT,
  );

  it.each([5_000, 15_000, 25_000])(
    'F-058 a host goes down in its run, %i ms after the beginning: nobody runs it twice for one command',
    async (atMs) => {
      const played = await holds(
        oneDeployment('reboot', [{ atMs, kind: 'reboot', host: 'web1.sim', downMs: 20_000 }]),
      );
      expect(endings(played)).toHaveLength(1);
    },
    LIMIT,
  );
});
