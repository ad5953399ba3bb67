import { describe, expect, it } from '@jest/globals';
import { ClockHand } from '@gantry/contracts';
import fc from 'fast-check';
import {
  addedUp,
  lineMarked,
  stageParts,
  toClock,
  type HandLine,
  type StageHand,
} from './clock.js';

const START = Date.parse('2026-03-10T09:00:00.000Z');
const instant = (ms: number): string => new Date(START + ms).toISOString();
const sum = (values: Iterable<number>): number => [...values].reduce((total, ms) => total + ms, 0);
type Told<H> = readonly { readonly ms: number; readonly hand: H | null }[];

/** Things done in the order they were written down; the clock that dated them may have gone back. */
const told = <H extends string>(hands: readonly H[]): fc.Arbitrary<Told<H>> =>
  fc.array(
    fc.record({
      ms: fc.integer({ min: 0, max: 500 }),
      hand: fc.option(fc.constantFrom(...hands), { freq: 8 }),
    }),
    { maxLength: 30 },
  );
const lineOf = <H extends string>(story: Told<H>): HandLine<H> =>
  story.reduce<HandLine<H>>((line, { ms, hand }) => lineMarked(line, instant(ms), hand), []);

const hands = ClockHand.options;
const stages = told<StageHand>([...hands, 'deploying', 'deploying', 'deploying']);
const deployments = fc.array(fc.option(told<ClockHand>(hands), { nil: undefined }), {
  maxLength: 4,
});
const until = fc.integer({ min: 0, max: 600 });

/** What the same line says at one millisecond, found without any cleverness. */
const at = <H extends string>(line: HandLine<H>, ms: number): H | null =>
  line.filter((mark) => Date.parse(mark.at) <= START + ms).at(-1)?.hand ?? null;

function byMillisecond(
  stage: HandLine<StageHand>,
  lines: readonly (HandLine<ClockHand> | undefined)[],
  end: number,
): Record<string, number> {
  const parts: Record<string, number> = {};
  for (let ms = 0; ms < end; ms += 1) {
    const own = at(stage, ms);
    if (own === null) continue;
    const doing = lines.map((line) => (line === undefined ? null : at(line, ms)));
    const first = hands.find((hand) => doing.includes(hand));
    const rest = lines.includes(undefined) ? 'deploying' : 'machine';
    const hand = own === 'deploying' ? (first ?? rest) : own;
    parts[hand] = (parts[hand] ?? 0) + 1;
  }
  return parts;
}

describe('the release clock', () => {
  it('its parts add up to the time of the stage, whatever overlaps what, and each millisecond is where it belongs', () => {
    fc.assert(
      fc.property(stages, deployments, until, (story, stories, end) => {
        const stage = lineOf(story);
        const lines = stories.map((one) => (one === undefined ? undefined : lineOf(one)));
        const parts = stageParts(stage, lines, instant(end));
        const told = Object.fromEntries(Object.entries(parts).filter(([, ms]) => ms > 0));
        expect(told).toEqual(byMillisecond(stage, lines, end));
        const { waitingMs, approvalMs = 0, gatesMs, soakMs, deployingMs } = toClock(parts);
        expect(waitingMs + approvalMs + gatesMs + soakMs + deployingMs).toBe(
          sum(Object.values(parts)),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('does not depend on the order of the deployments', () => {
    fc.assert(
      fc.property(stages, deployments, until, (story, stories, end) => {
        const lines = stories.map((one) => (one === undefined ? undefined : lineOf(one)));
        const parts = stageParts(lineOf(story), lines, instant(end));
        expect(stageParts(lineOf(story), [...lines].reverse(), instant(end))).toEqual(parts);
      }),
    );
  });

  it('a line keeps what changed, and nothing that took no time', () => {
    fc.assert(
      fc.property(told<ClockHand>(hands), (story) => {
        const line = lineOf(story);
        line.slice(1).forEach((mark, n) => {
          expect(mark.hand).not.toBe(line[n]?.hand);
          expect(mark.at > (line[n]?.at ?? '')).toBe(true);
        });
      }),
    );
  });

  it('gives what lies between the stages to the machine', () => {
    const clock = toClock({ ...stageParts([], [], instant(0)), puppet: 300, gates: 200 });
    expect(addedUp([clock, clock], 1_250)).toEqual({
      ...{ waitingMs: 0, approvalMs: 0, gatesMs: 400, soakMs: 0, deployingMs: 850 },
      ...{ drainMs: 0, puppetMs: 600, healthMs: 0, machineMs: 250 },
    });
  });

  it('adds to a clock of before what has passed since', () => {
    const before = { waitingMs: 1, gatesMs: 2, deployingMs: 3, soakMs: 4 };
    const parts = stageParts([{ at: instant(0), hand: 'deploying' }], [undefined], instant(10));
    expect(toClock(parts, before)).toMatchObject({ ...before, deployingMs: 13, puppetMs: 0 });
  });
});
