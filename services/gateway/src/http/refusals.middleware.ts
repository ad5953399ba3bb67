import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { RefusalNotes } from '@gantry/service-kit';
import { problemSentIn } from './send-problem.js';

/** Refused to whoever asks, whatever was asked for. */
const DENIED: ReadonlySet<number> = new Set([401, 403, 421, 429]);

/**
 * Puts what this gateway refuses on record: every denial, and every command that was not accepted. Something to read that is not
 * there, or is asked for wrongly, changes nothing and is no refusal.
 */
export function refusalsOnRecord(notes: Pick<RefusalNotes, 'note'>, who: string): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    response.once('finish', () => {
      if (!isRefusal(request.method, response.statusCode)) return;
      const problem = problemSentIn(response);
      notes.note({
        who,
        from: request.socket.remoteAddress ?? 'unknown',
        what: `${request.method} ${request.originalUrl.split('?', 1)[0] ?? ''}`,
        code: problem?.code ?? `http-${response.statusCode}`,
        why: problem?.detail ?? '',
      });
    });
    next();
  };
}

function isRefusal(method: string, status: number): boolean {
  if (DENIED.has(status)) return true;
  return method !== 'GET' && method !== 'HEAD' && status >= 400 && status < 500;
}
