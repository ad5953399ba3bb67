import { SENT_BY } from '../headers/sender.js';
import { headerText, resendableHeaders } from '../headers/validate-headers.js';
import type { OutgoingMessage } from '../publisher/outgoing-message.js';
import type { StompMessage } from '../consumer/stomp-message.js';

/** Why a message was put aside. */
export interface ParkReason {
  readonly code: string;
  readonly reason: string;
  readonly attempts: number;
}

const PARKED = {
  code: 'x-parked-code',
  reason: 'x-parked-reason',
  attempts: 'x-parked-attempts',
  by: 'x-parked-by',
  at: 'x-parked-at',
  from: 'x-parked-from',
} as const;
const MAX_KEPT_HEADERS = 30;

/** The parked copy: the body untouched, the application's headers as far as they may be sent, and the reason. */
export function parkedCopy(
  message: StompMessage,
  why: ParkReason,
  where: {
    readonly queue: string;
    readonly by: string;
    readonly at: Date;
    readonly sender?: string;
  },
): OutgoingMessage {
  const { [SENT_BY]: _claimed, ...own } = withoutParkedHeaders(message.headers);
  const kept = Object.entries(own).slice(0, MAX_KEPT_HEADERS);
  return {
    destination: where.queue,
    body: message.body,
    headers: {
      ...Object.fromEntries(kept),
      ...(where.sender === undefined ? {} : { [SENT_BY]: headerText(where.sender) }),
      [PARKED.code]: headerText(why.code, 100),
      [PARKED.reason]: headerText(why.reason),
      [PARKED.attempts]: String(why.attempts),
      [PARKED.by]: headerText(where.by, 100),
      [PARKED.at]: where.at.toISOString(),
      [PARKED.from]: headerText(message.destination),
    },
  };
}

/** A parked message as a person sees it. */
export interface ParkedMessage {
  /** The handle for `replay` and `drop`. */
  readonly messageId: string;
  readonly code: string;
  readonly reason: string;
  readonly attempts: number;
  readonly by: string;
  readonly at: string;
  /** The queue it was taken from: where a replay usually goes. */
  readonly from: string;
  /** The application's headers. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Reads a parked copy back. */
export function readParked({ headers, body, messageId }: StompMessage): ParkedMessage {
  return {
    messageId,
    code: headers[PARKED.code] ?? 'unknown',
    reason: headers[PARKED.reason] ?? '',
    attempts: Number(headers[PARKED.attempts] ?? 0),
    by: headers[PARKED.by] ?? '',
    at: headers[PARKED.at] ?? '',
    from: headers[PARKED.from] ?? '',
    headers: withoutParkedHeaders(headers),
    body,
  };
}

/** The application's headers that may be sent again, without the reason it was parked for last time. */
export function withoutParkedHeaders(
  headers: Readonly<Record<string, string>>,
): Record<string, string> {
  const kept = Object.entries(resendableHeaders(headers)).filter(
    ([name]) => !name.startsWith('x-parked-'),
  );
  return Object.fromEntries(kept);
}
