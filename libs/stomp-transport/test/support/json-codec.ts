import {
  StompError,
  type DecodedMessage,
  type EncodedMessage,
  type RawMessage,
} from '../../src/index.js';

interface Envelope {
  readonly type: string;
  readonly data: unknown;
  readonly expiresAt?: number;
}

/** A codec as an application would write one: type and data in JSON. */
export const jsonCodec = {
  decode({ body }: RawMessage): DecodedMessage {
    const envelope = JSON.parse(body.toString('utf8')) as Envelope;
    if (typeof envelope.type !== 'string')
      throw new StompError('invalid', 'no type', { code: 'test.no-type' });
    const { type, data, expiresAt } = envelope;
    return { pattern: type, data, envelope, ...(expiresAt === undefined ? {} : { expiresAt }) };
  },
  encode(type: string, data: unknown): EncodedMessage {
    const group = (data as { group?: string } | null)?.group;
    return {
      body: JSON.stringify({ type, data }),
      headers: { 'content-type': 'application/json', 'x-type': type },
      ...(group === undefined ? {} : { groupId: group }),
    };
  },
};
