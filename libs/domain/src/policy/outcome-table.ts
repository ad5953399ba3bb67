import type {
  DataOf,
  HostStep,
  LbFailureKind,
  NotRunWhy,
  OutcomeClass,
  RunFailureWhy,
} from '@gantry/contracts';
import type { PuppetRunFinished } from '@gantry/contracts';
import { assertNever } from '../assert-never.js';

/**
 * What one bad outcome of a step leads to.
 * - `retry`: the same step again after a back-off, at most `limit` times; then what `then` says.
 * - `give-up-unchanged`: this did not change the host: if it is intact it goes back in service, and counts as failed.
 * - `stay-out`: the host may be changed; it stays out of service with an attention item.
 * - `requeue`: the host's turn ends without harm and it waits for its turn again (no limit: a person sees it waiting).
 */
export type Reaction =
  | {
      readonly do: 'retry';
      readonly class: OutcomeClass;
      readonly limit: number;
      readonly baseMs: number;
      readonly then: 'give-up-unchanged' | 'stay-out';
    }
  | { readonly do: 'give-up-unchanged'; readonly class: OutcomeClass }
  | { readonly do: 'stay-out'; readonly class: OutcomeClass }
  | { readonly do: 'requeue'; readonly class: OutcomeClass; readonly afterMs: number };

const retry = (
  cls: OutcomeClass,
  limit: number,
  baseMs: number,
  then: 'give-up-unchanged' | 'stay-out',
): Reaction => ({
  do: 'retry',
  class: cls,
  limit,
  baseMs,
  then,
});

/** Outcomes of taking a host out. */
export const DRAIN_REACTIONS: Readonly<Record<LbFailureKind, Reaction>> = {
  capacity: { do: 'requeue', class: 'noise', afterMs: 2_000 },
  timeout: { do: 'give-up-unchanged', class: 'broken' },
  'not-found': { do: 'give-up-unchanged', class: 'broken' },
  unreachable: retry('static', 5, 2_000, 'give-up-unchanged'),
  'not-effective': retry('static', 3, 2_000, 'give-up-unchanged'),
  'stale-epoch': { do: 'requeue', class: 'noise', afterMs: 2_000 },
  unhealthy: { do: 'give-up-unchanged', class: 'broken' },
};

/** Outcomes of putting a host back. Whatever happens, a host that cannot be put back stays out with an attention item. */
export const ENABLE_REACTIONS: Readonly<Record<LbFailureKind, Reaction>> = {
  capacity: retry('noise', 5, 2_000, 'stay-out'),
  timeout: retry('static', 2, 2_000, 'stay-out'),
  'not-found': { do: 'stay-out', class: 'broken' },
  // For an hour: the host is proven, and only the device is missing.
  unreachable: retry('static', 60, 2_000, 'stay-out'),
  'not-effective': retry('static', 3, 2_000, 'stay-out'),
  'stale-epoch': { do: 'stay-out', class: 'unknown' },
  unhealthy: { do: 'stay-out', class: 'broken' },
};

/** A publisher could not write the wanted version. */
export const PUBLISH_FAILED: Reaction = retry('static', 5, 2_000, 'give-up-unchanged');

/** The command never came to the host, which has sworn it off. */
export const NEVER_SEEN: Reaction = retry('static', 5, 1_000, 'give-up-unchanged');

/** The host forgot a command whose run it had told of: nobody knows how far that run came. */
export const FORGOTTEN: Reaction = { do: 'stay-out', class: 'unknown' };

/** The application is not healthy after a run that converged. */
export const UNHEALTHY: Reaction = { do: 'stay-out', class: 'broken' };

/** A run is called converged, and what came with it does not prove that. */
export const UNPROVEN: Reaction = { do: 'stay-out', class: 'broken' };

/** Puppet did not run at all: the host is as it was. */
export const NOT_RUN_REACTIONS: Readonly<Record<NotRunWhy, Reaction>> = {
  busy: retry('noise', 20, 15_000, 'give-up-unchanged'),
  disabled: { do: 'give-up-unchanged', class: 'broken' },
  certificate: { do: 'give-up-unchanged', class: 'broken' },
  expired: retry('static', 5, 1_000, 'give-up-unchanged'),
  refused: { do: 'give-up-unchanged', class: 'broken' },
  'journal-unwritable': { do: 'give-up-unchanged', class: 'broken' },
  'needs-resync': { do: 'give-up-unchanged', class: 'broken' },
  interrupted: retry('unknown', 2, 2_000, 'stay-out'),
  unexplained: retry('unknown', 2, 2_000, 'stay-out'),
};

/** Puppet ran and did not bring the wanted state. */
export const RUN_FAILURE_REACTIONS: Readonly<Record<RunFailureWhy, Reaction>> = {
  'server-unreachable': retry('static', 5, 5_000, 'stay-out'),
  'catalog-failed': { do: 'stay-out', class: 'broken' },
  'cached-catalog': { do: 'stay-out', class: 'broken' },
  noop: { do: 'stay-out', class: 'broken' },
  interrupted: retry('unknown', 2, 2_000, 'stay-out'),
  'timed-out': { do: 'stay-out', class: 'broken' },
  'resources-failed': { do: 'stay-out', class: 'broken' },
  'wrong-version': { do: 'stay-out', class: 'broken' },
  'version-not-published': retry('static', 2, 2_000, 'stay-out'),
};

/** No answer at all to a request of this step, after it was asked for again and again. */
export const SILENCE_REACTIONS: Readonly<Record<Exclude<HostStep, 'reserve'>, Reaction>> = {
  drain: { do: 'stay-out', class: 'unknown' },
  publish: { do: 'give-up-unchanged', class: 'unreachable' },
  run: { do: 'stay-out', class: 'unreachable' },
  verify: { do: 'stay-out', class: 'unreachable' },
  enable: { do: 'stay-out', class: 'unknown' },
};

type Verdict = DataOf<typeof PuppetRunFinished>['verdict'];

/** What a retried reaction comes to when nothing may be tried again: the limit is reached, or a person has cancelled. */
export const withoutRetry = (reaction: Reaction): Reaction =>
  reaction.do === 'retry' ? { do: reaction.then, class: reaction.class } : reaction;

/** Whether a run that ended so has certainly changed nothing on the host. */
export function leavesUnchanged(verdict: Verdict): boolean {
  const reaction = reactionToRun(verdict);
  return reaction !== undefined && withoutRetry(reaction).do === 'give-up-unchanged';
}

/** The reaction to a run's verdict; undefined = it converged. */
export function reactionToRun(verdict: Verdict): Reaction | undefined {
  switch (verdict.kind) {
    case 'converged':
      return undefined;
    case 'not-run':
      return NOT_RUN_REACTIONS[verdict.why];
    case 'failed':
      return RUN_FAILURE_REACTIONS[verdict.why];
    default:
      return assertNever(verdict);
  }
}
