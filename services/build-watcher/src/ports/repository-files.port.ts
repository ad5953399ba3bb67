/** What a server said of a file's state; sent back, it answers only when the file is another one. */
export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

/** How a file is read. */
export interface ReadOptions {
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
  /** The state that is known already. */
  readonly known?: Validators | undefined;
}

/** A file, whole; without validators when a repeated question could miss a change. */
export interface WholeFile {
  readonly bytes: Buffer;
  readonly validators?: Validators;
}

/**
 * The files of one repository, by path relative to its URL. Failures are GantryErrors: `repository.not-found`,
 * `repository.unreachable`, `repository.untrusted` (certificate, redirect), or `repository.unusable` (larger than allowed).
 */
export interface RepositoryFiles {
  read(path: string, options: ReadOptions): Promise<WholeFile | 'unchanged'>;
  /** The file's bytes as they come. */
  stream(path: string, signal?: AbortSignal): AsyncIterable<Uint8Array>;
  /** Size of a file; undefined when it is there and its size is not told. */
  size(path: string, signal?: AbortSignal): Promise<number | undefined>;
}
