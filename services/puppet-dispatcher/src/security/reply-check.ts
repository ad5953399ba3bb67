import { hostReplyPrefix, type ListenerRole } from '@gantry/contracts';
import { verify } from 'node:crypto';
import type { EnrolledKeys } from './enrolled-keys.js';

/** A reply as received, and who it claims to be from. */
export interface ReceivedReply {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly host: string;
  readonly keyId: string;
  readonly role: ListenerRole;
}

/** Why a reply is not believed. */
export type ReplyProblem =
  'too-large' | 'unsigned' | 'not-enrolled' | 'other-key' | 'bad-signature';

/** A reply of a run with 20 packages and 20 failures stays far below. */
const MAX_REPLY_BYTES = 262_144;

/** Believes a reply only when the key enrolled for that very host signed these very bytes. */
export function replyProblem(reply: ReceivedReply, keys: EnrolledKeys): ReplyProblem | undefined {
  const { body, headers, host, role } = reply;
  if (body.length > MAX_REPLY_BYTES) return 'too-large';
  const signature = signatureBytes(headers['x-sig']);
  if (signature === undefined) return 'unsigned';
  const enrolled = keys.find(host, role);
  if (enrolled === undefined) return 'not-enrolled';
  if (headers['x-kid'] !== enrolled.keyId || reply.keyId !== enrolled.keyId) return 'other-key';
  const signed = Buffer.concat([Buffer.from(hostReplyPrefix(body.length)), body]);
  return verify(null, signed, enrolled.publicKey, signature) ? undefined : 'bad-signature';
}

function signatureBytes(text: string | undefined): Buffer | undefined {
  const bytes = Buffer.from(text ?? '', 'base64');
  return bytes.length === 64 && bytes.toString('base64') === text ? bytes : undefined;
}
