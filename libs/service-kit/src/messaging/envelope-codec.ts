import { mayBeSentBy, parseMessage, type Message } from '@gantry/contracts';
import {
  senderOf,
  StompError,
  type DecodedMessage,
  type StompDecoder,
  type StompHeaders,
} from '@gantry/stomp-transport';
import { messageOf } from '../errors/gantry-error.js';

/** What a handler's context keeps of the message as it was received: signatures are over these bytes. */
export interface Received {
  readonly body: Buffer;
}

/** Gives parked messages back to their queues, on a person's word. */
export const REPLAYER = 'orchestrator';

/** Who counts what is not handled. */
export interface Refusals {
  readonly unreadable: () => void;
  readonly notTheirs: (type: string) => void;
}

/**
 * Reads received messages by the contracts. What is no message of ours is refused, and so is one from somebody who has not that to say,
 * by the broker's word for who sent it. What is refused is parked.
 */
export function envelopeDecoder(refusals: Refusals): StompDecoder {
  return {
    decode({ headers, body }): DecodedMessage {
      const message = read(body, refusals);
      const sender = senderOf(headers, REPLAYER);
      if (sender !== undefined && mayBeSentBy(message, sender)) return decoded(message, body);
      refusals.notTheirs(message.type);
      throw notTheirs(message, sender, headers);
    },
  };
}

function read(body: Buffer, refusals: Refusals): Message {
  try {
    return parseMessage(JSON.parse(body.toString('utf8')));
  } catch (error) {
    refusals.unreadable();
    throw new StompError('invalid', messageOf(error), {
      code: 'contracts.invalid-message',
      cause: error,
    });
  }
}

function notTheirs(
  { type, id }: Message,
  sender: string | undefined,
  headers: StompHeaders,
): StompError {
  const because =
    sender === undefined
      ? 'the broker does not say who sent it: set populateJMSXUserID="true" there'
      : `${sender} has not that to say: find out who uses this account`;
  return new StompError('rejected', `${type} was refused: ${because}.`, {
    code: 'origin.refused',
    details: { id, sender: sender ?? null, destination: headers['destination'] ?? null },
  });
}

function decoded(message: Message, body: Buffer): DecodedMessage {
  const { type, subject, expiresat } = message;
  return {
    pattern: type,
    data: message,
    envelope: { body } satisfies Received,
    ...(subject === undefined ? {} : { groupId: subject }),
    ...(expiresat === undefined ? {} : { expiresAt: Date.parse(expiresat) }),
  };
}
