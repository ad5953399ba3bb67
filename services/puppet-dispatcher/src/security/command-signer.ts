import { hostCommandPrefix } from '@gantry/contracts';
import { GantryError } from '@gantry/service-kit';
import { createPrivateKey, sign, type KeyObject } from 'node:crypto';

/** A command as it goes over the wire. */
export interface SignedCommand {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** Signs commands to hosts: Ed25519 over the exact bytes that are sent. */
export class CommandSigner {
  private readonly key: KeyObject;

  constructor(
    pem: string,
    private readonly keyId: string,
  ) {
    this.key = ed25519(pem);
  }

  sign(message: { readonly type: string }): SignedCommand {
    const body = Buffer.from(JSON.stringify(message));
    const signed = Buffer.concat([Buffer.from(hostCommandPrefix(body.length)), body]);
    const signature = sign(null, signed, this.key).toString('base64');
    return {
      body,
      headers: {
        'content-type': 'application/json',
        'x-type': message.type,
        'x-kid': this.keyId,
        'x-sig': signature,
      },
    };
  }
}

function ed25519(pem: string): KeyObject {
  const problem =
    'GANTRY_SIGNING_KEY must be an unencrypted Ed25519 key in PEM (openssl genpkey -algorithm ed25519).';
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    throw new GantryError('config', 'dispatcher.signing-key', problem, { cause });
  }
  if (key.asymmetricKeyType !== 'ed25519') {
    throw new GantryError('config', 'dispatcher.signing-key', problem);
  }
  return key;
}
