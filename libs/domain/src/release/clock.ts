import { ClockHand, type StageClock } from '@gantry/contracts';
import { fromMs, latest, toMs } from '../time.js';

/** What a stage does: while its deployments go on they say what its time goes to. */
export type StageHand = ClockHand | 'deploying';

/** From `at` on time goes to `hand`, until the next mark; null = it is over. Instants never go back. */
export interface HandMark<H extends string> {
  readonly at: string;
  readonly hand: H | null;
}
export type HandLine<H extends string> = readonly HandMark<H>[];

/** Milliseconds by hand; `deploying` is time of deployments of which nobody wrote down what they did. */
export type ClockParts = Readonly<Record<StageHand, number>>;

/** The line with what is done from now on. A clock that went back in between counts as one that stood still. */
export function lineMarked<H extends string>(
  line: HandLine<H>,
  at: string,
  hand: H | null,
): HandLine<H> {
  const last = line.at(-1);
  if (last === undefined) return hand === null ? line : [{ at, hand }];
  if (last.hand === hand) return line;
  const since = fromMs(Math.max(toMs(last.at), toMs(at)));
  const before = line.slice(0, -1);
  // What took no time was not done.
  if (last.at !== since) return [...line, { at: since, hand }];
  return before.at(-1)?.hand === hand ? before : [...before, { at: since, hand }];
}

/** Of what goes on at the same moment, what the moment belongs to; undefined of nothing. */
export const firstHand = (hands: Iterable<ClockHand>): ClockHand | undefined => {
  const all = new Set(hands);
  return ClockHand.options.find((hand) => all.has(hand));
};

/**
 * Where the time of a stage went up to `until`: the parts add up to what lies between the stage's first mark and its end, whatever
 * its deployments did at once. A deployment without a line is one of which nothing was written down.
 */
export function stageParts(
  stage: HandLine<StageHand>,
  deployments: readonly (HandLine<ClockHand> | undefined)[],
  until: string,
): ClockParts {
  const known = deployments.filter((line) => line !== undefined);
  const unknown = known.length < deployments.length;
  const end = toMs(until);
  const instants = [...new Set([...stage, ...known.flat()].map(({ at }) => toMs(at)))]
    .filter((at) => at < end)
    .sort((a, b) => a - b);
  const own = reader(stage);
  const theirs = known.map((line) => reader(line));
  const parts: Record<StageHand, number> = { ...NOTHING };
  instants.forEach((from, n) => {
    const doing = own(from);
    const hands = theirs.map((at) => at(from));
    if (doing === null) return;
    parts[doing === 'deploying' ? during(hands, unknown) : doing] +=
      (instants[n + 1] ?? end) - from;
  });
  return parts;
}

/** A stage's clock, and what its time goes to since the instant up to which that counts. */
export interface StageTime {
  readonly clock: StageClock;
  readonly clockNow: { readonly hand: ClockHand; readonly since: string } | null;
}

/** The clock of a stage as far as its release and its deployments were heard of, on top of what it showed before it had a line. */
export function stageTime(
  stage: HandLine<StageHand>,
  deployments: readonly (HandLine<ClockHand> | undefined)[],
  heardAt: string,
  before?: StageClock,
): StageTime {
  const now = stage.at(-1)?.hand ?? null;
  const theirs = now === 'deploying' ? deployments.flatMap((line) => line?.at(-1) ?? []) : [];
  const since = theirs.reduce(
    (last, { at }) => latest(last, at),
    latest(heardAt, stage.at(-1)?.at),
  );
  const unknown = deployments.includes(undefined);
  const hand =
    now === 'deploying'
      ? during(
          theirs.map((mark) => mark.hand),
          unknown,
        )
      : now;
  return {
    clock: toClock(stageParts(stage, deployments, since), before),
    clockNow: hand === null || hand === 'deploying' ? null : { hand, since },
  };
}

function during(hands: readonly (ClockHand | null)[], unknown: boolean): StageHand {
  const outside = firstHand(hands.filter((hand) => hand !== null));
  return outside ?? (unknown ? 'deploying' : 'machine');
}

const NOTHING: ClockParts = {
  ...{ puppet: 0, drain: 0, health: 0, gates: 0, soak: 0 },
  ...{ approval: 0, waiting: 0, machine: 0, deploying: 0 },
};

/** Reads a line at instants that only go forward. */
function reader<H extends string>(line: HandLine<H>): (at: number) => H | null {
  let next = 0;
  let hand: H | null = null;
  return (at) => {
    for (let mark = line[next]; mark !== undefined && toMs(mark.at) <= at; mark = line[next]) {
      hand = mark.hand;
      next += 1;
    }
    return hand;
  };
}

/** The parts as they are shown, on top of a clock that did not tell them apart. */
export function toClock(parts: ClockParts, before: StageClock = NO_TIME): StageClock {
  const { puppet, drain, health, machine, approval } = parts;
  return {
    waitingMs: before.waitingMs + parts.waiting,
    gatesMs: before.gatesMs + parts.gates,
    deployingMs: before.deployingMs + drain + puppet + health + machine + parts.deploying,
    soakMs: before.soakMs + parts.soak,
    ...{ approvalMs: approval, drainMs: drain, puppetMs: puppet, healthMs: health },
    machineMs: machine,
  };
}

const NO_TIME: StageClock = { waitingMs: 0, gatesMs: 0, deployingMs: 0, soakMs: 0 };

/** All clocks as one of `totalMs`: what none of them counted is the machine's. */
export function addedUp(clocks: readonly StageClock[], totalMs: number): StageClock {
  const sum = (of: keyof StageClock): number =>
    clocks.reduce((ms, clock) => ms + (clock[of] ?? 0), 0);
  const [waitingMs, gatesMs, soakMs] = [sum('waitingMs'), sum('gatesMs'), sum('soakMs')];
  const [approvalMs, deployingMs] = [sum('approvalMs'), sum('deployingMs')];
  const counted = waitingMs + gatesMs + soakMs + approvalMs + deployingMs;
  const between = Math.max(0, totalMs - counted);
  return {
    ...{ waitingMs, gatesMs, soakMs, approvalMs, deployingMs: deployingMs + between },
    ...{ drainMs: sum('drainMs'), puppetMs: sum('puppetMs'), healthMs: sum('healthMs') },
    machineMs: sum('machineMs') + between,
  };
}
