import { describe, expect, it } from '@jest/globals';
import { endings, eventsOf, holds, starts } from './expect-holds.js';
import { oneDeployment } from './fleets.js';
import { twoStages } from './pipelines.js';
import type { Played } from './play.js';
import { NEXT_EVR, type Happening, type Scenario } from './scenario.js';

const LIMIT = 300_000;

const consent = (atMs: number, by: string, to: 'now' | 'first' | 'made-up' = 'now'): Happening => ({
  ...{ atMs, kind: 'consent', by, to },
});
const death = (atMs: number): readonly Happening[] =>
  ['orchestrator-1', 'orchestrator-2'].map((process) => ({
    ...{ atMs, kind: 'kill', process, downMs: 3_000 },
  }));
/** Until then nobody tidies up, nor agrees to what still waits. */
const UNTIL_LATE: Happening = { atMs: 100_000, kind: 'device-reload' };

/** Two people who have asked for nothing must agree. */
const twoAgree = (
  seed: string,
  happenings: readonly Happening[],
  approval: Readonly<Record<string, unknown>> = {},
): Scenario => oneDeployment(seed, happenings, { approval: { quorum: 2, ...approval } });

/** When the first host left service; endless when none did. */
const firstDrain = ({ world }: Played): number =>
  world.device.writes.find(({ want }) => want !== 'in')?.atMs ?? Infinity;

describe('I-15 where two people must agree', () => {
  it(
    'it begins when the second has, and not before',
    async () => {
      const played = await holds(
        twoAgree('two', [consent(10_000, 'bob'), consent(40_000, 'carol'), UNTIL_LATE]),
      );
      expect(endings(played)).toEqual(['succeeded']);
      expect(firstDrain(played)).toBeGreaterThan(40_000);
      expect(firstDrain(played)).toBeLessThan(45_000);
    },
    LIMIT,
  );

  it.each([
    ['whoever asked for it', [consent(6_000, 'anna'), consent(8_000, 'bob')]],
    ['one person twice', [consent(6_000, 'bob'), consent(8_000, 'bob'), consent(9_000, 'bob')]],
    [
      'two people, to another plan',
      [consent(6_000, 'bob', 'made-up'), consent(7_000, 'carol', 'made-up')],
    ],
    ['a machine', [consent(6_000, 'bob'), consent(8_000, 'ci')]],
    [
      'the second too late',
      [consent(6_000, 'bob'), consent(33_000, 'carol'), consent(50_000, 'carol')],
    ],
  ])(
    'nothing begins by the consent of %s, also when messages are doubled',
    async (_name, consents) => {
      const weather = { lost: 0, doubled: 80, delayed: 10, overtaking: 30, longestDelayMs: 2_000 };
      const doubled: Happening = { atMs: 2_500, kind: 'weather', weather, forMs: 90_000 };
      for (const more of [[], [doubled]]) {
        const happenings = [...more, ...consents, UNTIL_LATE];
        const played = await holds(twoAgree('not enough', happenings, { expiresAfterMs: 30_000 }));
        expect(endings(played)).toEqual(['expired']);
        expect(starts(played)).toBe(0);
        expect(firstDrain(played)).toBe(Infinity);
      }
    },
    LIMIT,
  );

  it(
    'what they agreed to is not what would be done by now: they are asked again, and consents to the old plan count for nothing',
    async () => {
      const played = await holds(
        twoAgree('changed', [
          consent(6_000, 'bob'),
          consent(10_000, 'carol'),
          consent(20_000, 'bob', 'first'),
          consent(21_000, 'carol', 'first'),
          consent(40_000, 'bob'),
          consent(50_000, 'carol'),
          UNTIL_LATE,
        ]),
        {
          // Somebody has brought it to one host by hand meanwhile.
          prepare: ({ sim, hosts }) =>
            sim.after(8_000, () => void hosts[0]?.installed.set('shop', NEXT_EVR)),
        },
      );
      expect(eventsOf(played, 'deployment.approvals-voided')).toHaveLength(1);
      expect(firstDrain(played)).toBeGreaterThan(50_000);
      expect(endings(played)).toEqual(['succeeded']);
      expect(starts(played)).toBe(2);
    },
    LIMIT,
  );

  it(
    'somebody cancels in the moment of the second consent, at twenty moments: it is cancelled, before it began or after',
    async () => {
      const begun = new Set<boolean>();
      for (let at = 0; at < 20; at++) {
        const cancel: Happening = { atMs: 9_700 + at * 60, kind: 'wish', wish: 'cancel', which: 0 };
        const played = await holds(
          twoAgree('race', [consent(5_000, 'bob'), consent(10_000, 'carol'), cancel]),
        );
        expect(endings(played)).toEqual(['cancelled']);
        begun.add(eventsOf(played, 'deployment.started').length > 0);
      }
      expect([...begun].sort()).toEqual([false, true]);
    },
    LIMIT,
  );

  it(
    'both orchestrators die at twenty moments: it begins by two consents, and each host runs once',
    async () => {
      for (let at = 0; at < 20; at++) {
        const atMs = at < 10 ? 2_200 + at * 450 : 9_950 + (at - 10) * 35;
        const played = await holds(
          twoAgree(`death ${at}`, [
            ...death(atMs),
            consent(6_000, 'bob'),
            consent(6_000, 'anna'),
            consent(10_000, 'carol'),
            UNTIL_LATE,
          ]),
        );
        expect(endings(played)).toEqual(['succeeded']);
        expect(starts(played)).toBe(3);
      }
    },
    LIMIT,
  );

  it(
    'a stage that wants somebody to agree waits for it, whenever the orchestrators die',
    async () => {
      for (const atMs of [76_600, 90_050]) {
        const played = await holds(
          twoStages('stage', [...death(atMs), consent(90_000, 'bob'), UNTIL_LATE], {
            production: { start: 'approval' },
          }),
        );
        expect(endings(played)).toEqual(['succeeded', 'succeeded']);
        expect(
          played.world.device.writes.find(({ pool }) => pool === 'production')?.atMs,
        ).toBeGreaterThan(90_000);
      }
    },
    LIMIT,
  );
});
