import type { StompMessage } from '../consumer/stomp-message.js';
import { assertDestination } from '../headers/validate-destination.js';
import type { OutgoingMessage } from '../publisher/outgoing-message.js';
import { StompError, messageOf } from '../stomp-error.js';
import type { StompLogger } from '../stomp-logger.js';
import type { DecodedMessage } from './codec.js';

interface ResponderOptions {
  readonly publish: (message: OutgoingMessage) => Promise<void>;
  readonly replyPrefix: string;
  readonly logger: StompLogger;
}

/** Where the reply to one request goes. */
export interface ReturnAddress {
  readonly replyTo: string;
  readonly correlationId: string;
  readonly expiresAt: number;
}

const REPLY_LIFETIME_MS = 60_000;

/** Sends replies. */
export class Responder {
  constructor(private readonly options: ResponderOptions) {}

  /** Reads the return address; throws when there is none or when it is not a queue for replies (the sender chose it). */
  addressOf(decoded: DecodedMessage, { headers }: StompMessage): ReturnAddress {
    const replyTo = decoded.replyTo ?? headers['reply-to'] ?? '';
    const correlationId = decoded.correlationId ?? headers['correlation-id'] ?? '';
    assertDestination(replyTo);
    if (!replyTo.startsWith(this.options.replyPrefix) || correlationId === '') {
      throw new StompError(
        'invalid',
        `A request needs a correlation id and a reply queue that begins with ${this.options.replyPrefix}.`,
        { code: 'stomp.bad-return-address' },
      );
    }
    return {
      replyTo,
      correlationId,
      expiresAt: decoded.expiresAt ?? Date.now() + REPLY_LIFETIME_MS,
    };
  }

  /** A reply that cannot be sent is given up: the requester has a time limit and asks again. */
  async reply({ replyTo, correlationId, expiresAt }: ReturnAddress, body: string): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    try {
      await this.options.publish({
        destination: replyTo,
        correlationId,
        expiresAt,
        body,
        headers,
        persistent: false,
      });
    } catch (error) {
      this.options.logger.warn('reply not sent', {
        replyTo,
        correlationId,
        reason: messageOf(error),
      });
    }
  }
}
