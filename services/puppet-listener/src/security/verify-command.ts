import { hostCommandPrefix } from '@gantry/contracts';
import { verify } from 'node:crypto';
import type { FindKey, TrustedKey } from './key-ring.js';

/** A command as it lies on the wire. */
export interface RawCommand {
  readonly body: Buffer;
  readonly keyId: string | undefined;
  readonly signature: string | undefined;
}

/** Larger commands are refused before anything else is done with them. */
export const MAX_COMMAND_BYTES = 65_536;

/** The key that signed a message, or why it is not a command of a trusted dispatcher. Nothing of the body is parsed here. */
export function signerOf(raw: RawCommand, findKey: FindKey): TrustedKey | string {
  if (raw.body.length > MAX_COMMAND_BYTES) return 'too-large';
  if (raw.keyId === undefined || raw.signature === undefined) return 'unsigned';
  const key = findKey(raw.keyId);
  if (key === undefined) return 'unknown-key';
  const signature = signatureBytes(raw.signature);
  if (signature === undefined) return 'bad-signature';
  const signed = Buffer.concat([Buffer.from(hostCommandPrefix(raw.body.length)), raw.body]);
  return verify(null, signed, key.publicKey, signature) ? key : 'bad-signature';
}

/** Base64 in its one canonical form: a signature has exactly one spelling. */
function signatureBytes(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === 64 && bytes.toString('base64') === text ? bytes : undefined;
}
