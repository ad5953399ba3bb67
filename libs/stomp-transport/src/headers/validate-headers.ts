import { StompError } from '../stomp-error.js';

/** STOMP headers as this package handles them: plain names and string values. */
export type StompHeaders = Readonly<Record<string, string>>;

const NAME = /^[a-z][A-Za-z0-9-]{0,63}$/;
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const MAX_VALUE_BYTES = 512;
const MAX_HEADERS = 40;

/**
 * Headers with a meaning to the broker. A wrong value in one of them closes the connection (often without an ERROR frame),
 * and with it every message in flight, so callers set them through typed fields only.
 */
const RESERVED: ReadonlySet<string> = new Set([
  'accept-version',
  'ack',
  'browser',
  'client-id',
  'content-length',
  'correlation-id',
  'destination',
  'expires',
  'heart-beat',
  'host',
  'id',
  'login',
  'message-id',
  'no-local',
  'original-destination',
  'passcode',
  'persistent',
  'priority',
  'receipt',
  'receipt-id',
  'redelivered',
  'reply-to',
  'selector',
  'session',
  'subscription',
  'timestamp',
  'transaction',
  'transformation',
  'version',
]);

/** Why a header cannot be sent, or `undefined` when it can. */
export function headerProblem(name: string, value: unknown): string | undefined {
  // A header named like a member of Object crashes foreign stompit consumers (`headers.hasOwnProperty` is called on the frame).
  if (name in Object.prototype) return 'is the name of a built-in object member';
  if (!NAME.test(name)) return 'must match [a-z][A-Za-z0-9-]* and have at most 64 characters';
  if (RESERVED.has(name)) return 'is reserved for the protocol; use the field made for it';
  return valueProblem(value);
}

/** Why a header value cannot be sent, or `undefined` when it can. */
export function valueProblem(value: unknown): string | undefined {
  if (typeof value !== 'string') return `must be a string, not ${typeof value}`;
  if (value.length > MAX_VALUE_BYTES) return `is longer than ${MAX_VALUE_BYTES} bytes`;
  if (!PRINTABLE_ASCII.test(value)) return 'holds something other than printable ASCII';
  return undefined;
}

/** Refuses, before anything reaches the wire, a header the broker or another consumer could choke on. */
export function assertHeaders(headers: StompHeaders): void {
  const entries = Object.entries(headers);
  if (entries.length > MAX_HEADERS) {
    throw refused(
      `a message carries ${entries.length} headers, at most ${MAX_HEADERS} are allowed`,
      {},
    );
  }
  for (const [name, value] of entries) {
    const problem = headerProblem(name, value);
    if (problem !== undefined)
      throw refused(`header "${printable(name)}" ${problem}`, { header: printable(name) });
  }
}

/** Refuses a value for one of the typed fields (group, correlation id) that could not travel as a header. */
export function assertValue(field: string, value: string): void {
  const problem = value === '' ? 'is empty' : valueProblem(value);
  if (problem !== undefined) throw refused(`${field} ${problem}`, { header: field });
}

/** The application headers of a received message that may be sent again; the broker's own are left out. */
export function resendableHeaders(headers: StompHeaders): Record<string, string> {
  const kept = Object.entries(headers).filter(
    ([name, value]) => headerProblem(name, value) === undefined,
  );
  return Object.fromEntries(kept);
}

/** Any text made fit for a header: other than printable ASCII becomes `?`, too long is cut. */
export function headerText(text: string, maxBytes = MAX_VALUE_BYTES): string {
  return printable(text).slice(0, maxBytes);
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, '?');
}

function refused(problem: string, details: Readonly<Record<string, unknown>>): StompError {
  return new StompError('invalid', `Message not sent: ${problem}.`, {
    code: 'stomp.header-refused',
    details,
  });
}
