import { GantryError, isGantryError } from '@gantry/service-kit';
import { notFound, unreachable, unusable } from '../ports/repository-error.js';
import type { RepositoryFiles } from '../ports/repository-files.port.js';

const TIMEOUT_MS = 30_000;
/** Servers that do not know HEAD say one of these; then only fetching would tell. */
const NO_HEAD = new Set([405, 501]);

/** A repository behind HTTP or HTTPS. */
export class HttpRepositoryFiles implements RepositoryFiles {
  constructor(private readonly base: URL) {}

  async read(path: string, maxBytes: number): Promise<Buffer> {
    const url = new URL(path, this.base).href;
    return this.wrapped(url, async () => {
      const response = await this.ask(url, 'GET');
      if (!response.ok || !response.body) throw refusal(url, response.status);
      const chunks: Uint8Array[] = [];
      let size = 0;
      for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
        size += chunk.length;
        if (size > maxBytes) throw unusable(`${url} is larger than ${maxBytes} bytes`);
        chunks.push(chunk);
      }
      return Buffer.concat(chunks);
    });
  }

  async size(path: string): Promise<number | undefined> {
    const url = new URL(path, this.base).href;
    return this.wrapped(url, async () => {
      const response = await this.ask(url, 'HEAD');
      if (NO_HEAD.has(response.status)) return undefined;
      if (!response.ok) throw refusal(url, response.status);
      const length = response.headers.get('content-length');
      return length === null ? undefined : Number(length);
    });
  }

  private ask(url: string, method: string): Promise<Response> {
    // Compressed on the way, a file would have another length than the metadata say.
    const headers = { 'accept-encoding': 'identity', 'cache-control': 'no-cache' };
    return fetch(url, { method, headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
  }

  private async wrapped<T>(url: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw isGantryError(error) ? error : unreachable(url, error);
    }
  }
}

function refusal(url: string, status: number): GantryError {
  if (status === 404 || status === 410) return notFound(url);
  return unreachable(url, new Error(`HTTP ${status}`));
}
