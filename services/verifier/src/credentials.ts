import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GantryError } from '@gantry/service-kit';

/** User and token of a server. */
export interface Credential {
  readonly user: string;
  readonly token: string;
}

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const unusable = (why: string): GantryError =>
  new GantryError('rejected', 'gate.credential-unusable', why);

/** Credentials, one file `user:token` each. Read each time, so that a changed one counts at once; none is ever shown. */
export class Credentials {
  constructor(private readonly folder: string | undefined) {}

  async read(name: string): Promise<Credential> {
    if (this.folder === undefined)
      throw unusable('the verifier has no credentials: set GANTRY_GATE_CREDENTIALS_DIR');
    if (!NAME.test(name)) throw unusable('the name of a credential is lower case with hyphens');
    let text: string;
    try {
      text = await readFile(join(this.folder, name), 'utf8');
    } catch {
      throw unusable(
        `the credential "${name}" cannot be read: put a file of that name, readable by the verifier, into GANTRY_GATE_CREDENTIALS_DIR`,
      );
    }
    const [, user, token] = /^([^:\s]+):(\S+)\s*$/.exec(text) ?? [];
    if (user === undefined || token === undefined)
      throw unusable(`the credential "${name}" is not one line of user:token`);
    return { user, token };
  }
}
