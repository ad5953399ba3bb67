import type { NextFunction, Request, Response } from 'express';
import { isHook } from '../hooks/hook-body.middleware.js';
import { ProblemException } from './problem.js';
import { readBody, refuseBody } from './read-body.js';
import { parseStrictJson, StrictJsonError } from './strict-json.js';

/** No command comes near this. */
export const BODY_LIMIT_BYTES = 64 * 1024;
const JSON_TYPE = /^application\/json(?:; ?charset=utf-8)?$/i;

/** Reads the body of every POST but hooks, strictly, before Nest's own tolerant reader gets to it. */
export function jsonBody(request: Request, response: Response, next: NextFunction): void {
  if (request.method !== 'POST' || isHook(request)) {
    next();
    return;
  }
  bodyOf(request)
    .then((body) => {
      request.body = body;
      next();
    })
    .catch((error: unknown) => refuseBody(request, response, error));
}

async function bodyOf(request: Request): Promise<unknown> {
  const { 'content-type': type = '', 'content-encoding': encoding } = request.headers;
  if (!JSON_TYPE.test(type) || encoding !== undefined) {
    throw new ProblemException({
      status: 415,
      code: 'request.not-json',
      detail: 'Commands are taken as application/json in UTF-8, not compressed.',
    });
  }
  const bytes = await readBody(request, BODY_LIMIT_BYTES);
  try {
    return parseStrictJson(bytes);
  } catch (error) {
    if (!(error instanceof StrictJsonError)) throw error;
    throw new ProblemException({
      status: 400,
      code: 'request.bad-json',
      detail: `The body cannot be accepted: ${error.message}.`,
    });
  }
}
