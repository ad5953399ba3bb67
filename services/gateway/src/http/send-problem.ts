import type { Response } from 'express';
import { problemBody, type ProblemParts } from './problem.js';

/** Writes a problem. */
export function sendProblem(response: Response, parts: ProblemParts): void {
  if (parts.retryAfterSeconds !== undefined)
    response.setHeader('retry-after', String(parts.retryAfterSeconds));
  response
    .status(parts.status)
    .type('application/problem+json')
    .send(JSON.stringify(problemBody(parts)));
}
