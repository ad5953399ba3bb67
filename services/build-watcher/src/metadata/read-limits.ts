/** What one read of a repository may cost; what asks for more is refused and the last good view stays. */
export interface ReadLimits {
  /** Bytes of the list of packages as it is served. */
  readonly packedBytes: number;
  /** Bytes of it unpacked. */
  readonly openBytes: number;
  /** Unpacked bytes per served byte. */
  readonly ratio: number;
  /** Packages in the list, whatever their names. */
  readonly packages: number;
  /** Packages of the watched names: the only ones that are kept in memory. */
  readonly builds: number;
  /** Time for all of it. */
  readonly ms: number;
}
