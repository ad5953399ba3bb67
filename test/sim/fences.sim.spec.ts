import { describe, expect, it } from '@jest/globals';
import { hostCommandTopic, topicDestination } from '@gantry/contracts';
import { endings, holds } from './expect-holds.js';
import { oneDeployment } from './fleets.js';
import type { Happening } from './scenario.js';
import { keepsBack } from './keeps-back.js';

const LIMIT = 600_000;
const HOST = 'web1.sim';

const keepsCommandBack = (forMs: number) =>
  keepsBack(forMs, 'host.run.command', hostCommandTopic(HOST));
const taken = (played: Awaited<ReturnType<typeof holds>>, branch: string): number =>
  (played.world.branches.table() as Record<string, number>)[branch] ?? 0;

describe('a command that comes after newer ones', () => {
  it.each([25_000, 40_000, 55_000])(
    'H-053 %i ms late: the host has answered that it never saw it, and does not run it',
    async (forMs) => {
      const played = await holds(oneDeployment(`kept ${forMs}`), {
        prepare: keepsCommandBack(forMs),
      });
      expect(endings(played)).toEqual(['succeeded']);
      expect(played.world.host(HOST)?.runs).toHaveLength(1);
      expect(taken(played, 'command refused by a host: disowned')).toBe(1);
    },
    LIMIT,
  );

  it.each([15_000, 30_000, 50_000])(
    'F-067 H-053 %i ms late, when the journal was begun anew meanwhile: whoever owned the host before is behind the log’s numbers',
    async (forMs) => {
      const lost: readonly Happening[] = [
        { atMs: 14_000, kind: 'journal-damaged', host: HOST, downMs: 500 },
        { atMs: 18_000, kind: 'resync', host: HOST },
      ];
      const scenario = oneDeployment(`kept anew ${forMs}`, lost);
      const played = await holds(scenario, { prepare: keepsCommandBack(forMs) });
      expect(taken(played, 'journal begun anew')).toBe(1);
      expect(taken(played, 'command refused by a host: old epoch')).toBeGreaterThan(0);
      // The turn is over, and the next one is for a person to begin; the host is unchanged and back in service.
      expect(played.world.host(HOST)?.runs).toEqual([]);
      expect(endings(played)).toEqual(['succeeded-with-failures']);
      expect(played.world.device.show('web').every(({ admin }) => admin === 'in')).toBe(true);
    },
    LIMIT,
  );
});

describe('a drain that comes after its turn', () => {
  it.each([75_000, 120_000, 180_000])(
    'F-021 %i ms late: lb-controller hears that nobody asks for it any more, and the host stays in service',
    async (forMs) => {
      const topic = topicDestination('lb.requests');
      const played = await holds(oneDeployment(`late drain ${forMs}`), {
        prepare: keepsBack(forMs, 'lb.drain.requested', topic),
      });
      expect(endings(played)).toEqual(['succeeded']);
      const { device, sim } = played.world;
      const lateAtMs = sim.trace.entries.find(({ what }) => what === 'keeps a message back')?.atMs;
      const after = device.writes.filter(
        (w) => w.atMs > (lateAtMs ?? 0) + forMs && w.want !== 'in',
      );
      expect(after.filter(({ member }) => member === HOST)).toEqual([]);
      expect(taken(played, 'stale epoch refused by lb-controller')).toBeGreaterThan(0);
    },
    LIMIT,
  );
});
