import type { GateEvidence, GateSpecOf } from '@gantry/contracts';
import { inconclusive, type Outcome } from '../../ports/gate-driver.port.js';
import type { Evaluation } from './answer.js';

type Spec = GateSpecOf<'prometheus'>;
type Samples = NonNullable<GateEvidence['samples']>;

const KEPT = 100;

/** What the evaluations so far gave. */
export interface Watched {
  readonly evaluations: number;
  readonly good: number;
  readonly lastGood: boolean;
  readonly problem: string | undefined;
  readonly samples: Samples;
}

/** Before the first evaluation. */
export const NOTHING_WATCHED: Watched = {
  evaluations: 0,
  good: 0,
  lastGood: false,
  problem: undefined,
  samples: [],
};

/** One more evaluation at `at`: goes on watching, or ends at once when the threshold is broken or the query is refused. */
export function withEvaluation(
  spec: Spec,
  before: Watched,
  evaluation: Evaluation,
  at: string,
): { readonly watched: Watched; readonly outcome?: Outcome } {
  const evaluations = before.evaluations + 1;
  if (evaluation.kind !== 'values') {
    const watched = { ...before, evaluations, lastGood: false, problem: evaluation.why };
    if (evaluation.kind === 'missing') return { watched };
    const summary = `the query is refused: ${evaluation.why}`;
    return { watched, outcome: inconclusive(summary, evidenceOf(spec, watched)) };
  }
  const worst = worstOf(spec, evaluation.values);
  const holds = keeps(spec, worst);
  const samples = [...before.samples, { at, value: finite(worst) }].slice(-KEPT);
  const watched = {
    ...before,
    evaluations,
    samples,
    lastGood: holds,
    good: before.good + Number(holds),
  };
  if (holds) return { watched };
  const { op, value } = spec.threshold;
  const summary = `a value is ${worst}, which is not ${op} ${value}`;
  return { watched, outcome: { verdict: 'fail', summary, evidence: evidenceOf(spec, watched) } };
}

/** Whether it has been watched for long enough, with values to the end: a metric that is missing is not green. */
export const isPassed = (spec: Spec, { good, lastGood }: Watched, watchedMs: number): boolean =>
  lastGood && good >= spec.minSamples && watchedMs >= spec.windowMs;

/** The verdict, when the watching is over and the threshold was never broken. */
export function outcomeOf(spec: Spec, watched: Watched, watchedMs: number): Outcome {
  const evidence = evidenceOf(spec, watched);
  const { op, value } = spec.threshold;
  if (isPassed(spec, watched, watchedMs)) {
    const summary = `${watched.good} evaluations in ${Math.round(watchedMs)} ms, all ${op} ${value}`;
    return { verdict: 'pass', summary, evidence };
  }
  const missing = watched.problem === undefined ? '' : `; ${watched.problem}`;
  return inconclusive(
    `${watched.good} good evaluations of ${watched.evaluations}, needed are ${spec.minSamples} over ${spec.windowMs} ms within ${spec.deadlineMs} ms${missing}`,
    evidence,
  );
}

function evidenceOf({ url }: Spec, { evaluations, samples }: Watched): GateEvidence {
  return { url, attempts: evaluations, samples };
}

/** Every series must keep to the threshold, so the worst one counts. */
function worstOf({ threshold: { op } }: Spec, values: readonly number[]): number {
  return op.startsWith('<') ? Math.max(...values) : Math.min(...values);
}

function keeps({ threshold: { op, value } }: Spec, seen: number): boolean {
  switch (op) {
    case '<':
      return seen < value;
    case '<=':
      return seen <= value;
    case '>':
      return seen > value;
    case '>=':
      return seen >= value;
  }
}

/** JSON knows no infinity. */
const finite = (value: number): number =>
  Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE);
