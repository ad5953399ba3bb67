import type { Response } from 'express';
import { problemBody, type ProblemParts } from './problem.js';

const SENT = new WeakMap<Response, ProblemParts>();

/** The problem that was the answer, if it was one. */
export const problemSentIn = (response: Response): ProblemParts | undefined => SENT.get(response);

/** Writes a problem. */
export function sendProblem(response: Response, parts: ProblemParts): void {
  if (parts.retryAfterSeconds !== undefined)
    response.setHeader('retry-after', String(parts.retryAfterSeconds));
  SENT.set(response, parts);
  response
    .status(parts.status)
    .type('application/problem+json')
    .send(JSON.stringify(problemBody(parts)));
}
