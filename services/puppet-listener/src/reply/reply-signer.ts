import {
  dataschemaOf,
  hostReplyPrefix,
  type DataOf,
  type Envelope,
  type MessageDefinition,
} from '@gantry/contracts';
import { sign } from 'node:crypto';
import type { HostKey } from '../security/host-key.js';

/** A message ready to be sent: its body and the signature over exactly these bytes. */
export interface SignedMessage {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The envelope's fields that differ from message to message. */
export type EnvelopeParts = Pick<
  Envelope,
  'id' | 'time' | 'correlationid' | 'causationid' | 'actor'
> & {
  readonly subject?: string;
  readonly host: string;
};

/** Makes and signs a message of this host. Its data must fit the contract exactly. */
export function signedMessage<D extends MessageDefinition>(
  definition: D,
  data: DataOf<D>,
  { host, ...parts }: EnvelopeParts,
  key: HostKey,
): SignedMessage {
  const envelope = {
    specversion: '1.0',
    type: definition.type,
    source: `/gantry/puppet-listener/${host}`,
    datacontenttype: 'application/json',
    dataschema: dataschemaOf(definition.type, definition.version),
    ...parts,
    data: definition.strict.parse(data),
  };
  const body = JSON.stringify(envelope);
  const bytes = Buffer.from(body);
  const signed = Buffer.concat([Buffer.from(hostReplyPrefix(bytes.length)), bytes]);
  const signature = sign(null, signed, key.privateKey).toString('base64');
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'content-length': String(bytes.length),
      'x-type': definition.type,
      'x-kid': key.keyId,
      'x-sig': signature,
    },
  };
}
