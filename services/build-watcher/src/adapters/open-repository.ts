import type { RepositoryFiles } from '../ports/repository-files.port.js';
import { DiskRepositoryFiles } from './disk-repository-files.js';
import { HttpRepositoryFiles } from './http-repository-files.js';

/** The files behind a repository's URL. */
export function openRepository(url: string): RepositoryFiles {
  // Without the slash, the last folder would be replaced by what is looked up in it.
  const base = new URL(url.endsWith('/') ? url : `${url}/`);
  return base.protocol === 'file:' ? new DiskRepositoryFiles(base) : new HttpRepositoryFiles(base);
}
