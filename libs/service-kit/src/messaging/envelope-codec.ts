import { parseMessage, type Message } from '@gantry/contracts';
import { StompError, type DecodedMessage, type StompDecoder } from '@gantry/stomp-transport';
import { messageOf } from '../errors/gantry-error.js';

/** What a handler's context keeps of the message as it was received: signatures are over these bytes. */
export interface Received {
  readonly body: Buffer;
}

/** Reads received messages by the contracts. What is no message of ours is refused, and so parked; `onRefused` counts it. */
export function envelopeDecoder(onRefused: () => void): StompDecoder {
  return {
    decode({ body }): DecodedMessage {
      try {
        return decoded(parseMessage(JSON.parse(body.toString('utf8'))), body);
      } catch (error) {
        onRefused();
        throw new StompError('invalid', messageOf(error), {
          code: 'contracts.invalid-message',
          cause: error,
        });
      }
    },
  };
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
