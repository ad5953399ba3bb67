import type { ReceivedFrame, StompLink } from '../connection/stomp-link.js';
import { GROUP_HEADER } from '../publisher/outgoing-message.js';

/** A message as it was delivered. */
export interface StompMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly destination: string;
  readonly messageId: string;
  /** The broker has tried to deliver it before. */
  readonly redelivered: boolean;
  readonly groupId?: string;
  /** Number of the connection it came on. */
  readonly epoch: number;
}

/** Reads a MESSAGE frame. */
export function toStompMessage({ headers, body }: ReceivedFrame, link: StompLink): StompMessage {
  const groupId = headers[GROUP_HEADER];
  return {
    headers,
    body,
    destination: headers['destination'] ?? '',
    messageId: headers['message-id'] ?? '',
    redelivered: headers['redelivered'] === 'true',
    ...(groupId === undefined ? {} : { groupId }),
    epoch: link.epoch,
  };
}
