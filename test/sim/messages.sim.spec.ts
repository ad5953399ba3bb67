import { describe, expect, it } from '@jest/globals';
import { CLEAR } from '@gantry/testing/sim';
import { endings, eventsOf, holds, starts } from './expect-holds.js';
import { oneDeployment, twoDeployments } from './fleets.js';
import type { Happening } from './scenario.js';

const LIMIT = 600_000;
const FOR_LONG = 400_000;

/** Bad from the moment on at which both plans are made: while planning a host that is not heard is named, and left out. */
const PLANNED_MS = 4_000;

const weather = (changed: Partial<typeof CLEAR>, atMs = PLANNED_MS): Happening => ({
  atMs,
  kind: 'weather',
  weather: { ...CLEAR, ...changed },
  forMs: FOR_LONG,
});
const BOTH = ['succeeded', 'succeeded'];

describe('messages', () => {
  it(
    'F-020 F-051 every message comes 2 to 5 times: each has one effect',
    async () => {
      for (const seed of ['a', 'b', 'c']) {
        const played = await holds(twoDeployments(`doubled ${seed}`, [weather({ doubled: 100 })]));
        expect(endings(played)).toEqual(BOTH);
        expect(starts(played)).toBe(8);
        expect(eventsOf(played, 'deployment.host-run-finished')).toHaveLength(8);
        expect(
          played.world.branches.table()['duplicate command ignored by a host'],
        ).toBeGreaterThan(0);
      }
    },
    LIMIT,
  );

  it(
    'F-021 F-052 messages overtake each other within a minute, a run is finished before it is started: the end is the same',
    async () => {
      for (const seed of ['a', 'b', 'c']) {
        const played = await holds(
          twoDeployments(`overtaking ${seed}`, [
            weather({ overtaking: 80, delayed: 30, longestDelayMs: 60_000 }),
          ]),
        );
        expect(endings(played)).toEqual(BOTH);
        expect(starts(played)).toBe(8);
      }
    },
    LIMIT,
  );

  it.each([1, 5, 20])(
    'F-022 %i of a hundred messages are lost: each loss is found by asking',
    async (lost) => {
      for (const seed of ['a', 'b', 'c', 'd']) {
        const played = await holds(twoDeployments(`lost ${seed}`, [weather({ lost })]));
        expect(endings(played)).toEqual(BOTH);
      }
    },
    LIMIT,
  );

  it(
    'F-022 losses while it plans: hosts that were not heard are named, and nothing waits for ever',
    async () => {
      for (const seed of ['a', 'b', 'c', 'd', 'e', 'f']) {
        const played = await holds(
          twoDeployments(`unheard ${seed}`, [weather({ lost: 20 }, 1_000)]),
        );
        const skipped = eventsOf(played, 'deployment.host-skipped') as readonly {
          readonly reason: string;
        }[];
        for (const { reason } of skipped) expect(reason).toContain('did not answer');
        for (const end of endings(played))
          expect(end).toMatch(/^(succeeded|succeeded-with-failures|failed|refused)$/);
      }
    },
    LIMIT,
  );

  it(
    'F-024 commands that come after their time are not run',
    async () => {
      let expired = 0;
      for (const seed of ['a', 'b', 'c', 'd', 'e', 'f']) {
        const played = await holds(
          twoDeployments(`late ${seed}`, [weather({ delayed: 80, longestDelayMs: 400_000 })]),
        );
        expired += played.world.branches.table()['message expired'] ?? 0;
      }
      expect(expired).toBeGreaterThan(0);
    },
    LIMIT,
  );
});

describe('the broker', () => {
  it.each([2_300, 3_000, 4_100, 20_000, 34_300, 36_000])(
    'F-016 restarts %i ms after the beginning: nothing is lost, nothing happens twice',
    async (atMs) => {
      const played = await holds(
        oneDeployment(`restart ${atMs}`, [{ atMs, kind: 'broker-away', forMs: 8_000 }]),
      );
      expect(endings(played)).toEqual(['succeeded']);
      expect(starts(played)).toBe(3);
    },
    LIMIT,
  );

  it(
    'F-017 is away for half an hour: one attention item, no host is called failed for it, all goes on alone',
    async () => {
      const played = await holds(
        twoDeployments('half an hour', [{ atMs: 4_500, kind: 'broker-away', forMs: 1_800_000 }]),
      );
      expect(endings(played)).toEqual(BOTH);
      expect(eventsOf(played, 'deployment.host-failed')).toEqual([]);
      const items = eventsOf(played, 'attention.opened') as readonly { readonly key: string }[];
      expect(items.map(({ key }) => key)).toEqual(['bus.broker-unreachable']);
      expect([...played.world.chronicle.attention.keys()]).toEqual([]);
    },
    LIMIT,
  );

  it.each([2_300, 2_500, 4_000, 4_400, 35_000])(
    'F-018 loses its whole store %i ms after the beginning: what was in flight is asked for again',
    async (atMs) => {
      const played = await holds(
        oneDeployment(`wiped ${atMs}`, [
          {
            atMs: atMs - 2_000,
            kind: 'weather',
            weather: { ...CLEAR, delayed: 50, longestDelayMs: 3_000 },
            forMs: 10_000,
          },
          { atMs, kind: 'broker-wiped' },
          { atMs: atMs + 1_000, kind: 'broker-wiped' },
        ]),
      );
      expect(endings(played)).toEqual(['succeeded']);
    },
    LIMIT,
  );

  it.each(['listener-web1.sim', 'listener-web2.sim'])(
    'F-034 cannot reach %s during its turn: the others are not touched by it',
    async (process) => {
      const played = await holds(
        oneDeployment(`parted ${process}`, [
          { atMs: 4_000, kind: 'freeze', process, forMs: 200_000 },
        ]),
      );
      expect(endings(played)).not.toContain('running');
      expect(endings(played)).toHaveLength(1);
    },
    LIMIT,
  );
});
