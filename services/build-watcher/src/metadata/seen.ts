import type { Artifact } from './artifact.js';
import type { Listing } from './listing.js';
import { isOlder, type Revision } from './revision.js';

/** A build that a repository listed. */
export type SeenBuild = Pick<Artifact, 'name' | 'evr' | 'arch' | 'sha256'>;

/** How far a repository was seen. */
export interface Seen {
  readonly url: string;
  /** The newest index that was accepted; none older is accepted any more. */
  readonly highest?: Revision | undefined;
  /** What was listed, and by which index. */
  readonly builds: readonly SeenBuild[];
  readonly listedAt?: Revision | undefined;
  /** The first index that listed nothing of it. */
  readonly emptyAt?: Revision | undefined;
}

/** What a new view means for what was seen before. */
export interface Difference {
  readonly gone: readonly SeenBuild[];
  readonly seen: Seen;
}

/** One package of one version for one architecture. */
export const nevraOf = ({ name, evr, arch }: SeenBuild): string => `${name} ${evr} ${arch}`;

/** What is seen of a repository before its first read. */
export const unseen = (url: string): Seen => ({ url, builds: [] });

/**
 * Compares a whole, proven view with what was listed before. A build is gone when a newer index does not list it; a list
 * that has become empty is believed only when a second, newer index says so too: an empty folder is a usual accident.
 */
export function differenceOf(
  seen: Seen,
  { index, listing }: { readonly index: Revision; readonly listing: Listing },
  watched: ReadonlySet<string>,
): Difference {
  const { artifacts, refused } = listing;
  const listed = new Set(artifacts.map(nevraOf));
  const unlisted = seen.builds.filter(
    (build) => watched.has(build.name) && !listed.has(nevraOf(build)),
  );
  const missing = unlisted.filter(({ name }) => !refused.names.has(name));
  const isEmpty = artifacts.length === 0 && missing.length > 0;
  const gone = isBelieved(seen, index, isEmpty) ? missing : [];
  const waits = missing.length > gone.length;
  const builds = [...artifacts.map(briefly), ...unlisted.filter((build) => !gone.includes(build))];
  return {
    gone,
    seen: {
      url: seen.url,
      highest: seen.highest,
      builds,
      // While something is kept that is not listed, a newer index than the one that listed it has to come.
      listedAt: waits ? seen.listedAt : index,
      emptyAt: waits && isEmpty && isNewer(seen, index) ? (seen.emptyAt ?? index) : undefined,
    },
  };
}

function isBelieved(seen: Seen, index: Revision, isEmpty: boolean): boolean {
  const confirmed = seen.emptyAt !== undefined && isOlder(seen.emptyAt, index);
  return isNewer(seen, index) && (!isEmpty || confirmed);
}

const isNewer = ({ listedAt }: Seen, index: Revision): boolean =>
  listedAt !== undefined && isOlder(listedAt, index);

const briefly = ({ name, evr, arch, sha256 }: SeenBuild): SeenBuild => ({
  name,
  evr,
  arch,
  sha256,
});
