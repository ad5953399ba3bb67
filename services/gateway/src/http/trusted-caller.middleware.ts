import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { sendProblem } from './send-problem.js';

const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];
const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/i;

/**
 * Refuses what a web page elsewhere could make a person's browser send: a Host that is not ours (DNS rebinding) and an
 * Origin that is not this page's own. Programs other than browsers send no Origin.
 */
export function trustedCaller(allowedHosts: readonly string[]): RequestHandler {
  const known: ReadonlySet<string> = new Set([...LOOPBACK, ...allowedHosts]);
  return (request: Request, response: Response, next: NextFunction) => {
    const { host = '', origin } = request.headers;
    if (!known.has(nameOf(host))) {
      sendProblem(response, {
        status: 421,
        code: 'request.unknown-host',
        detail: 'This gateway does not answer to the name it was called by.',
        todo: 'Call it by 127.0.0.1 or localhost, or add the name to GANTRY_ALLOWED_HOSTS.',
      });
    } else if (isForeign(origin, host) || isCrossSiteCommand(request)) {
      sendProblem(response, {
        status: 403,
        code: 'request.foreign-origin',
        detail: 'A page of another site may not use this gateway.',
      });
    } else next();
  };
}

const nameOf = (host: string): string => HOST.exec(host)?.[1]?.toLowerCase() ?? '';

function isForeign(origin: string | undefined, host: string): boolean {
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host.toLowerCase();
}

/** Browsers say whose page sent a request even where they send no Origin; a link from elsewhere to our page is fine. */
function isCrossSiteCommand(request: Request): boolean {
  const site = request.headers['sec-fetch-site'];
  const reads = request.method === 'GET' || request.method === 'HEAD';
  return !reads && (site === 'cross-site' || site === 'same-site');
}
