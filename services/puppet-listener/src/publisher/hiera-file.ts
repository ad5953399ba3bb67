import type { WantedVersion } from '@gantry/contracts';
import { readFileSync } from 'node:fs';
import { isMap, parseDocument, Scalar } from 'yaml';
import { replaceFile } from '../journal/journal-file.js';

const HIERA_KEY = /^[a-z][a-z0-9_]*(?:::[a-z][a-z0-9_]*)*$/;

/** Thrown when a host's file cannot be written as asked; nothing was changed. */
export class HieraFileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'HieraFileError';
  }
}

/** Puts versions into a host's data: keys of other applications and people's comments stay as they are. */
export function mergeVersions(existing: string, versions: readonly WantedVersion[]): string {
  const document = parseDocument(existing === '' ? '{}' : existing);
  const problem = document.errors[0];
  if (problem !== undefined)
    throw new HieraFileError(`its present content is no YAML (${problem.code}); mend or remove it`);
  if (!isMap(document.contents))
    throw new HieraFileError('its present content is no mapping; mend or remove it');
  document.contents.flow = false;
  for (const { hieraKey, evr } of versions) {
    // `lookup_options` would change how Puppet reads every other key.
    if (!HIERA_KEY.test(hieraKey) || hieraKey === 'lookup_options') {
      throw new HieraFileError(`${hieraKey.slice(0, 80)} is no key a version may be put under`);
    }
    const value = new Scalar<string>(evr);
    // Always quoted: a version such as 1.10 must never become a number.
    value.type = Scalar.QUOTE_DOUBLE;
    document.set(hieraKey, value);
  }
  return document.toString();
}

/** Writes a host's file so that the Puppet server sees the old or the new one, never a part. */
export function writeVersions(path: string, versions: readonly WantedVersion[]): void {
  replaceFile(path, mergeVersions(presentText(path), versions), 0o644);
}

function presentText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
