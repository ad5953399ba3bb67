import { verifySignature } from '../adapters/gpg-signature.js';
import type { Gate } from '../metadata/repository-view.js';
import type { RepositoryFiles } from '../ports/repository-files.port.js';
import type { Cursor } from './cursor.js';

const SIGNATURE = 'repodata/repomd.xml.asc';
const MAX_SIGNATURE = 64 * 1024;

/** What the gate of a repository goes by. */
export interface GateRules {
  readonly files: Pick<RepositoryFiles, 'read'>;
  readonly keyring?: string | undefined;
  readonly cursor: Pick<Cursor, 'admit'>;
}

/** Signed by a known key where that is wanted, and never older than what was seen. */
export const repositoryGate = ({ files, keyring, cursor }: GateRules): Gate => ({
  async authenticate(data, signal) {
    if (keyring === undefined) return;
    const file = await files.read(SIGNATURE, { maxBytes: MAX_SIGNATURE, signal });
    const signature = file === 'unchanged' ? Buffer.alloc(0) : file.bytes;
    await verifySignature({ what: 'repomd.xml', data, signature, keyring, signal });
  },
  admit: (index) => cursor.admit(index),
});
