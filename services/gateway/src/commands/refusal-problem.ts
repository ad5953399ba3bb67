import type { CommandReply } from '@gantry/contracts';
import { ProblemException } from '../http/problem.js';

type Refusal = Extract<CommandReply, { outcome: 'refused' }>;

const STATUS: Readonly<Record<Refusal['status'], number>> = {
  invalid: 400,
  'not-found': 404,
  conflict: 409,
  unprocessable: 422,
  unavailable: 503,
};

/** A refusal as HTTP says it. */
export function refusalProblem(refusal: Refusal): ProblemException {
  const { status, code, message, todo, findings } = refusal;
  return new ProblemException({
    status: STATUS[status],
    code,
    detail: message,
    todo,
    findings,
    ...(status === 'unavailable' ? { retryAfterSeconds: 2 } : {}),
  });
}
