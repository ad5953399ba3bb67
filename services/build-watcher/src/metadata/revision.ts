/** How new an index is. */
export interface Revision {
  readonly revision: string;
  readonly timestamp: number;
}

/**
 * Whether an index is of an earlier time than another. By the revision where both are numbers, as createrepo_c makes
 * them; by the time of the list of packages where they are equal (two states of one second) or are a person's own text.
 */
export function isOlder(index: Revision, than: Revision): boolean {
  const [left, right] = [numberOf(index.revision), numberOf(than.revision)];
  if (left !== undefined && right !== undefined && left !== right) return left < right;
  return index.timestamp < than.timestamp;
}

const numberOf = (revision: string): number | undefined =>
  /^\d{1,15}$/.test(revision) ? Number(revision) : undefined;
