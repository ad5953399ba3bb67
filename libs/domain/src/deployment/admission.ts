/** What other streams hold, read in the same transaction in which the decision is written. */
export interface Admission {
  /** Hosts owned by other streams. */
  readonly claimed: ReadonlySet<string>;
  /** Members of each pool held by other streams, in whatever phase. */
  readonly heldInPools: ReadonlyMap<string, readonly string[]>;
  /** Hosts of other streams in flight, per Puppet server. */
  readonly runsOn: ReadonlyMap<string, number>;
}

/** Nobody else holds anything. */
export const noAdmission: Admission = {
  claimed: new Set(),
  heldInPools: new Map(),
  runsOn: new Map(),
};
