import { HttpException } from '@nestjs/common';
import { HTTP_STATUS, isGantryError, type GantryError } from '@gantry/service-kit';
import { ProblemException, type ProblemParts } from './problem.js';

const INSIDE: ProblemParts = {
  status: 500,
  code: 'gateway.bug',
  detail:
    'The gateway could not answer because of a fault of its own. What happened stands in its log.',
};

/** What anything that was thrown says to the caller. Faults of ours say nothing of the inside. */
export function problemOf(thrown: unknown): ProblemParts {
  if (thrown instanceof ProblemException) return thrown.parts;
  if (isGantryError(thrown)) return ofGantryError(thrown);
  const status = statusOf(thrown);
  if (status === 404) {
    return {
      status,
      code: 'request.no-such-route',
      detail: 'There is nothing at this address.',
      todo: 'See /api/v1/openapi.json for what there is.',
    };
  }
  if (status >= 400 && status < 500)
    return { status, code: 'request.invalid', detail: 'The request could not be read.' };
  return INSIDE;
}

function ofGantryError(error: GantryError): ProblemParts {
  const status = HTTP_STATUS[error.kind];
  if (status === 500) return INSIDE;
  return {
    status,
    code: error.code,
    detail: error.message,
    ...(status === 503 ? { retryAfterSeconds: 2 } : {}),
  };
}

/** Nest's own exceptions, and those of Express and its parsers, which carry a `status`. */
function statusOf(thrown: unknown): number {
  if (thrown instanceof HttpException) return thrown.getStatus();
  if (typeof thrown !== 'object' || thrown === null || !('status' in thrown)) return 500;
  return typeof thrown.status === 'number' ? thrown.status : 500;
}
