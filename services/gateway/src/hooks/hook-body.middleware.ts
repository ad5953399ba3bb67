import type { NextFunction, Request, Response } from 'express';
import { readBody, refuseBody } from '../http/read-body.js';

/** CI servers tell a lot in a push; nothing of it is used, all of it is signed. */
const LIMIT_BYTES = 1024 * 1024;

/** Whether a request is a hook: its body is bytes that are signed, not a command. */
export const isHook = ({ path }: Pick<Request, 'path'>): boolean => path.startsWith('/hooks/');

/** Keeps the bytes of a hook as they came: parsed and written again they would not fit their signature. */
export function hookBody(request: Request, response: Response, next: NextFunction): void {
  if (request.method !== 'POST' || !isHook(request)) {
    next();
    return;
  }
  readBody(request, LIMIT_BYTES)
    .then((bytes) => {
      request.body = bytes;
      next();
    })
    .catch((error: unknown) => refuseBody(request, response, error));
}
