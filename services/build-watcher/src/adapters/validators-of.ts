import type { Validators } from '../ports/repository-files.port.js';

/** Servers tell time by the second and make the ETag of it: a younger file may change without the ETag (RFC 9110, 8.8.2.2). */
const SETTLED_MS = 60_000;

/** By what a server will know this state again; undefined when it might take a later state for the same. */
export function validatorsOf(headers: Headers): Validators | undefined {
  const etag = headers.get('etag');
  const lastModified = headers.get('last-modified');
  if (lastModified === null) return etag === null || etag.startsWith('W/') ? undefined : { etag };
  const age = Date.parse(headers.get('date') ?? '') - Date.parse(lastModified);
  if (!(age >= SETTLED_MS)) return undefined;
  return etag === null ? { lastModified } : { etag, lastModified };
}

/** The headers of a question that is answered only when the state is another one. */
export function conditionOf(known: Validators | undefined): Record<string, string> {
  return {
    ...(known?.etag === undefined ? {} : { 'if-none-match': known.etag }),
    ...(known?.lastModified === undefined ? {} : { 'if-modified-since': known.lastModified }),
  };
}
