import type { Artifact } from './artifact.js';

/** Entries of watched names that cannot be used. */
export interface Refused {
  readonly count: number;
  /** The first of them: which one, and why. */
  readonly reasons: readonly string[];
  /** Of these names nothing may be taken for gone: what is missing may stand in an entry that was refused. */
  readonly names: ReadonlySet<string>;
}

/** What a repository's list of packages holds of the watched names. */
export interface Listing {
  /** Packages of any name. */
  readonly packages: number;
  readonly artifacts: readonly Artifact[];
  readonly refused: Refused;
  /** Packages that could be taken for watched ones and have an epoch above theirs. */
  readonly lookAlikes: readonly string[];
}

/** What is known before anything was read. */
export const NOTHING: Listing = {
  packages: 0,
  artifacts: [],
  lookAlikes: [],
  refused: { count: 0, reasons: [], names: new Set() },
};
