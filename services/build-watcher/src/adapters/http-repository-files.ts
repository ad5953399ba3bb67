import type { GantryError } from '@gantry/service-kit';
import { notFound, unreachable, unusable } from '../ports/repository-error.js';
import type { ReadOptions, RepositoryFiles, WholeFile } from '../ports/repository-files.port.js';
import { fetchFailure, fetchHere } from './fetch-here.js';
import { conditionOf, validatorsOf } from './validators-of.js';

/** How long a server may take for one answer's head; a look as a whole has a limit of its own. */
const HEAD_TIMEOUT_MS = 30_000;
/** Servers that do not know HEAD say one of these; then only fetching would tell. */
const NO_HEAD = new Set([405, 501]);
const NOT_MODIFIED = 304;
/** Compressed on the way, a file would have another length than the metadata say. */
const HEADERS = { 'accept-encoding': 'identity', 'cache-control': 'no-cache' };

interface Question {
  readonly method: 'GET' | 'HEAD';
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal | undefined;
}

/** A repository behind HTTP or HTTPS. */
export class HttpRepositoryFiles implements RepositoryFiles {
  constructor(private readonly base: URL) {}

  async read(path: string, options: ReadOptions): Promise<WholeFile | 'unchanged'> {
    const { maxBytes, known, signal } = options;
    const url = new URL(path, this.base);
    const response = await this.ask(url, { method: 'GET', headers: conditionOf(known), signal });
    if (response.status === NOT_MODIFIED && known) return 'unchanged';
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of this.body(url, response)) {
      size += chunk.length;
      if (size > maxBytes) throw unusable(`${url.href} is larger than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
    const validators = validatorsOf(response.headers);
    return { bytes: Buffer.concat(chunks), ...(validators ? { validators } : {}) };
  }

  async *stream(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    const url = new URL(path, this.base);
    yield* this.body(url, await this.ask(url, { method: 'GET', signal }));
  }

  async size(path: string, signal?: AbortSignal): Promise<number | undefined> {
    const url = new URL(path, this.base);
    const response = await this.ask(url, { method: 'HEAD', signal });
    if (NO_HEAD.has(response.status)) return undefined;
    if (!response.ok) throw refusal(url, response.status);
    const length = response.headers.get('content-length');
    return length === null ? undefined : Number(length);
  }

  private async *body(url: URL, response: Response): AsyncGenerator<Uint8Array> {
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw refusal(url, response.status);
    }
    try {
      yield* response.body as AsyncIterable<Uint8Array>;
    } catch (error) {
      throw fetchFailure(url, error);
    }
  }

  /** The time for the answer's head is limited here; the body may take as long as the caller lets it. */
  private async ask(url: URL, { method, headers, signal }: Question): Promise<Response> {
    const ending = new AbortController();
    const timer = setTimeout(
      () => ending.abort(new Error(`no answer within ${HEAD_TIMEOUT_MS} ms`)),
      HEAD_TIMEOUT_MS,
    );
    try {
      return await fetchHere(url, {
        method,
        headers: { ...HEADERS, ...headers },
        signal: signal ? AbortSignal.any([signal, ending.signal]) : ending.signal,
      });
    } finally {
      clearTimeout(timer);
    }
  }
}

function refusal(url: URL, status: number): GantryError {
  if (status === 404 || status === 410) return notFound(url.href);
  return unreachable(url.href, new Error(`HTTP ${status}`));
}
