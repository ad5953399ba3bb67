import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { isGantryError } from '@gantry/service-kit';
import { notFound, unreachable, unusable } from '../ports/repository-error.js';
import type { ReadOptions, RepositoryFiles, WholeFile } from '../ports/repository-files.port.js';

/** A repository in a folder of this machine. */
export class DiskRepositoryFiles implements RepositoryFiles {
  constructor(private readonly base: URL) {}

  async read(path: string, { maxBytes }: ReadOptions): Promise<WholeFile> {
    const file = this.fileOf(path);
    const handle = await open(file).catch((error: unknown) => {
      throw failure(file, error);
    });
    try {
      const { size } = await handle.stat();
      if (size > maxBytes) throw unusable(`${file} is larger than ${maxBytes} bytes`);
      return { bytes: await handle.readFile() };
    } catch (error) {
      throw failure(file, error);
    } finally {
      await handle.close();
    }
  }

  async *stream(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    const file = this.fileOf(path);
    try {
      for await (const chunk of createReadStream(file, signal ? { signal } : {}))
        yield chunk as Uint8Array;
    } catch (error) {
      throw failure(file, error);
    }
  }

  async size(path: string): Promise<number> {
    const file = this.fileOf(path);
    const found = await stat(file).catch((error: unknown) => {
      throw failure(file, error);
    });
    return found.size;
  }

  private fileOf(path: string): string {
    return fileURLToPath(new URL(path, this.base));
  }
}

function failure(file: string, error: unknown): Error {
  if (isGantryError(error)) return error;
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
  return code === 'ENOENT' ? notFound(file) : unreachable(file, error);
}
