import { GantryError, isGantryError } from '@gantry/service-kit';

/** A file that should be there is not: between two publications of the repository that is normal for a moment. */
export const notFound = (what: string): GantryError =>
  new GantryError(
    'not-found',
    'repository.not-found',
    `${what} does not exist. If it stays so, check the repository's URL: it must name the folder that holds repodata/.`,
  );

/** Files that do not belong together were read: the repository was being published. */
export const torn = (what: string, cause?: unknown): GantryError =>
  new GantryError(
    'unavailable',
    'repository.torn',
    `${what}. If it stays so, run createrepo_c again, or look for a mirror or cache that serves old files.`,
    { cause },
  );

/** The repository's server does not answer. */
export const unreachable = (what: string, cause: unknown): GantryError =>
  new GantryError(
    'unavailable',
    'repository.unreachable',
    `${what} cannot be read. Check that the repository's server runs and may be reached from here.`,
    { cause },
  );

/** Somebody else may be answering: never retried by a weaker way. */
export const untrusted = (what: string, cause?: unknown): GantryError =>
  new GantryError('rejected', 'repository.untrusted', what, { cause });

/** The metadata can be read and must not or cannot be used. */
export const unusable = (what: string, cause?: unknown): GantryError =>
  new GantryError('rejected', 'repository.unusable', what, { cause });

/** The index is a correctly made one, of a time before the newest that was seen: a mirror that lags, or an attack. */
export const older = (what: string): GantryError =>
  new GantryError('rejected', 'repository.older', what);

/** The index and its signature do not fit. They are two files, so for a moment that is normal. */
export const badSignature = (what: string): GantryError =>
  new GantryError('rejected', 'repository.bad-signature', what);

const PASSING: readonly string[] = [
  'repository.not-found',
  'repository.torn',
  'repository.bad-signature',
];

/** Whether reading all again from the start may help at once. */
export function isPassing(error: unknown): boolean {
  return isGantryError(error) && PASSING.includes(error.code);
}
