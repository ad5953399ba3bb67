import type { Message } from '@gantry/contracts';
import type { EncodedMessage } from '@gantry/stomp-transport';

/** Writes a message: its envelope as JSON, its subject as the group, and type and id as headers for whoever looks at the broker. */
export function encodeEnvelope(message: Message): EncodedMessage {
  const { id, type, subject, expiresat } = message;
  return {
    body: JSON.stringify(message),
    headers: { 'content-type': 'application/json', 'x-type': type, 'x-id': id },
    ...(subject === undefined ? {} : { groupId: subject }),
    ...(expiresat === undefined ? {} : { expiresAt: Date.parse(expiresat) }),
  };
}
