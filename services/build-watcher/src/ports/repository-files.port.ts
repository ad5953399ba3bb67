/**
 * The files of one repository, by path relative to its URL. Failures are GantryErrors: `repository.not-found`,
 * `repository.unreachable`, or `repository.unusable` (larger than allowed).
 */
export interface RepositoryFiles {
  read(path: string, maxBytes: number): Promise<Buffer>;
  /** Size of a file; undefined when it is there and its size is not told. */
  size(path: string): Promise<number | undefined>;
}
