import type { GateEvidence, GateSpecOf } from '@gantry/contracts';
import type { HttpAnswer } from '../../net/exchange.js';
import type { Outcome } from '../../ports/gate-driver.port.js';
import { excerptOf } from '../excerpt.js';
import { valueAt } from './value-at.js';

type Spec = GateSpecOf<'http'>;

/** What one try showed. */
export type Try =
  | { readonly kind: 'good'; readonly status: number; readonly excerpt: string }
  | {
      readonly kind: 'bad';
      readonly why: string;
      readonly status: number;
      readonly excerpt: string;
    }
  | { readonly kind: 'unreachable'; readonly why: string };

/** What all tries so far showed. */
export interface Tries {
  readonly count: number;
  readonly goodInRow: number;
  readonly badSeen: string | undefined;
  readonly last: Try | undefined;
}

/** Before the first try. */
export const NO_TRIES: Tries = { count: 0, goodInRow: 0, badSeen: undefined, last: undefined };

/** Whether an answer is what the spec expects. */
export function judge(spec: Spec, { status, body }: HttpAnswer): Try {
  const excerpt = excerptOf(body.slice(0, 2_000));
  const why = whyBad(spec, status, body);
  return why === undefined
    ? { kind: 'good', status, excerpt }
    : { kind: 'bad', why, status, excerpt };
}

/** The tries with one more. */
export function withTry({ count, goodInRow, badSeen }: Tries, last: Try): Tries {
  return {
    count: count + 1,
    goodInRow: last.kind === 'good' ? goodInRow + 1 : 0,
    badSeen: last.kind === 'bad' ? last.why : badSeen,
    last,
  };
}

/** Good often enough in a row: then the gate passes before its time is over. */
export const isPassed = (spec: Spec, { goodInRow }: Tries): boolean => goodInRow >= spec.goodInRow;

/** The verdict, when the tries are over. */
export function outcomeOf(spec: Spec, tries: Tries): Outcome {
  const evidence = evidenceOf(spec, tries);
  const { last, goodInRow, badSeen, count } = tries;
  if (isPassed(spec, tries)) {
    const summary = `${spec.url} answered as expected ${goodInRow} times in a row`;
    return { verdict: 'pass', summary, evidence };
  }
  const within = `within ${spec.deadlineMs} ms (${count} tries)`;
  if (last === undefined || last.kind === 'unreachable') {
    const why = last === undefined ? 'it was not asked' : last.why;
    return { verdict: 'inconclusive', summary: `no answer ${within}: ${why}`, evidence };
  }
  const few = `only ${goodInRow} of ${spec.goodInRow} good answers in a row ${within}`;
  if (last.kind === 'bad')
    return { verdict: 'fail', summary: `bad answer ${within}: ${last.why}`, evidence };
  if (badSeen !== undefined)
    return { verdict: 'fail', summary: `${few}; before: ${badSeen}`, evidence };
  return { verdict: 'inconclusive', summary: `${few}: give it more time`, evidence };
}

function whyBad(spec: Spec, status: number, body: string): string | undefined {
  if (status !== spec.expectStatus) return `status ${status}, expected ${spec.expectStatus}`;
  if (spec.expectBody !== undefined && !body.includes(spec.expectBody))
    return `the answer does not hold "${spec.expectBody}"`;
  if (spec.json === undefined) return undefined;
  const { path, equals } = spec.json;
  const found = valueAt(body, path);
  if ('problem' in found) return found.problem;
  if (found.value === equals) return undefined;
  return `${path} is ${JSON.stringify(found.value).slice(0, 200)}, expected ${JSON.stringify(equals)}`;
}

function evidenceOf({ url }: Spec, { count, last }: Tries): GateEvidence {
  const seen =
    last === undefined || last.kind === 'unreachable'
      ? {}
      : { status: last.status, excerpt: last.excerpt };
  return { url, attempts: count, ...seen };
}
