import type { HealthCheck } from '@gantry/contracts';
import { cleanText } from '../story/clean-text.js';

/** One answer of the application. `status` is null when there was none. */
export interface Answer {
  readonly status: number | null;
  readonly body: string;
  readonly problem?: string;
}

/** Where a health check stands after some answers. */
export interface Standing {
  readonly goodInRow: number;
  readonly attempts: number;
  readonly lastStatus: number | null;
  readonly lastBody: string;
  readonly reason: string;
}

export const FIRST_STANDING: Standing = {
  goodInRow: 0,
  attempts: 0,
  lastStatus: null,
  lastBody: '',
  reason: 'not asked yet',
};

/** One answer more: a bad one takes back all good ones before it. */
export function judgeAnswer(
  standing: Standing,
  answer: Answer,
  check: HealthCheck,
  evr: string | undefined,
): Standing {
  const problem = problemOf(answer, check, evr);
  return {
    goodInRow: problem === undefined ? standing.goodInRow + 1 : 0,
    attempts: standing.attempts + 1,
    lastStatus: answer.status,
    lastBody: cleanText(answer.body, 500),
    reason: problem ?? 'good',
  };
}

function problemOf(
  answer: Answer,
  check: HealthCheck,
  evr: string | undefined,
): string | undefined {
  if (answer.status === null) return answer.problem ?? 'no answer';
  if (answer.status !== check.expectStatus) {
    return `status ${answer.status}, expected ${check.expectStatus}`;
  }
  if (check.expectBody === undefined) return undefined;
  const expected = expectedBody(check.expectBody, evr);
  if (expected === undefined) return 'the check names {evr}, but the command wants no version';
  return answer.body.includes(expected) ? undefined : `the body does not hold "${expected}"`;
}

function expectedBody(template: string, evr: string | undefined): string | undefined {
  if (!template.includes('{evr}')) return template;
  return evr === undefined ? undefined : template.replaceAll('{evr}', evr);
}
