import { assertDestination } from '../headers/validate-destination.js';
import { assertHeaders, assertValue, type StompHeaders } from '../headers/validate-headers.js';
import { StompError } from '../stomp-error.js';

/** The header that carries a copy of the group: ActiveMQ does not deliver `JMSXGroupID` to STOMP consumers. */
export const GROUP_HEADER = 'x-group';

/** A message to publish. What has a field of its own must not be in `headers`. */
export interface OutgoingMessage {
  readonly destination: string;
  readonly headers?: StompHeaders;
  readonly body: string | Uint8Array;
  /** Survives a broker crash. Default true. */
  readonly persistent?: boolean;
  /** Epoch milliseconds after which the broker drops it. */
  readonly expiresAt?: number;
  /** Messages of one group are handled one after the other, by one consumer at a time. */
  readonly groupId?: string;
  readonly correlationId?: string;
  readonly replyTo?: string;
}

/** Checks a message and makes the headers of its SEND frame, always a fresh object: stompit writes into what it is given. */
export function toSendHeaders(message: OutgoingMessage): Record<string, string> {
  const headers: Record<string, string> = { ...message.headers };
  assertHeaders(headers);
  assertDestination(message.destination);
  headers['destination'] = message.destination;
  // Without it a NUL byte in the body silently ends the message.
  headers['content-length'] = String(Buffer.byteLength(message.body));
  headers['persistent'] = message.persistent === false ? 'false' : 'true';
  addGroup(headers, message.groupId);
  if (message.expiresAt !== undefined) headers['expires'] = expiry(message.expiresAt);
  if (message.correlationId !== undefined) {
    assertValue('correlationId', message.correlationId);
    headers['correlation-id'] = message.correlationId;
  }
  if (message.replyTo !== undefined) {
    assertDestination(message.replyTo);
    headers['reply-to'] = message.replyTo;
  }
  return headers;
}

function addGroup(headers: Record<string, string>, groupId: string | undefined): void {
  if (groupId === undefined) return;
  assertValue('groupId', groupId);
  headers['JMSXGroupID'] = groupId;
  headers[GROUP_HEADER] = groupId;
}

function expiry(expiresAt: number): string {
  if (Number.isSafeInteger(expiresAt) && expiresAt > 0) return String(expiresAt);
  throw new StompError(
    'invalid',
    'Message not sent: expiresAt must be whole milliseconds since 1970.',
    { code: 'stomp.header-refused' },
  );
}
