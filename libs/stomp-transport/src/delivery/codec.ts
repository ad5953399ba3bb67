import type { StompHeaders } from '../headers/validate-headers.js';

/** A message as it came off the wire. */
export interface RawMessage {
  readonly headers: StompHeaders;
  readonly body: Buffer;
}

/** What a codec makes of a received message. */
export interface DecodedMessage {
  /** Which handler it is for: the message type. */
  readonly pattern: string;
  /** What the handler gets. */
  readonly data: unknown;
  /** What the handler's context shows beside it, for example the whole envelope. */
  readonly envelope?: unknown;
  /** For the context. What is serial is decided by the `x-group` header alone, before decoding. */
  readonly groupId?: string;
  /** Where a reply goes. Default: the `reply-to` header. */
  readonly replyTo?: string;
  /** What a reply refers to. Default: the `correlation-id` header. */
  readonly correlationId?: string;
  /** Epoch milliseconds after which nobody wants it any more. */
  readonly expiresAt?: number;
}

/** Reads received messages. Throws on what it cannot read or does not accept: that message is parked as invalid. */
export interface StompDecoder {
  decode(raw: RawMessage): DecodedMessage;
}

/** What a codec makes of a message to send. */
export interface EncodedMessage {
  readonly body: string | Uint8Array;
  readonly headers?: StompHeaders;
  readonly groupId?: string;
  readonly expiresAt?: number;
  readonly persistent?: boolean;
}

/** Writes messages to send. `metadata` is what a Nest dispatch hook attached (tracing). */
export interface StompEncoder {
  encode(
    pattern: string,
    data: unknown,
    metadata?: Readonly<Record<string, unknown>>,
  ): EncodedMessage;
}
