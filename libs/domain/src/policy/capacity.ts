/** What a pool allows, before anything is looked at. */
export interface CapacityRule {
  readonly absoluteMin: number;
  /** Percent of the configured members that must stay in service. */
  readonly minPercent: number;
  /** Percent of the configured members that may be out at once; undefined = only maxParallel limits. */
  readonly maxUnavailablePercent?: number;
  readonly maxParallel: number;
}

/** What a pool shows: its configured size (not the members that are up) and who is in service. */
export interface PoolLoad {
  readonly size: number;
  readonly inService: number;
  /** Promised to some step (ours or another's) and still shown in service. */
  readonly reserved: number;
}

/** Members that must stay in service: never less than one. */
export function minInService(
  rule: Pick<CapacityRule, 'absoluteMin' | 'minPercent'>,
  size: number,
): number {
  return Math.max(rule.absoluteMin, Math.ceil(round((size * rule.minPercent) / 100)), 1);
}

/** Members that may leave service now without breaking the minimum. */
export function freePlaces(rule: CapacityRule, load: PoolLoad): number {
  return load.inService - load.reserved - minInService(rule, load.size);
}

/** Most members that may be out at once by the rule alone. 0 stays 0: the plan stops and says so. */
export function maxOut(rule: CapacityRule, size: number): number {
  if (rule.maxUnavailablePercent === undefined) return rule.maxParallel;
  return Math.min(rule.maxParallel, Math.floor(round((size * rule.maxUnavailablePercent) / 100)));
}

/** Members that may be taken out together now. */
export function batchSize(rule: CapacityRule, load: PoolLoad): number {
  return Math.max(0, Math.min(maxOut(rule, load.size), freePlaces(rule, load)));
}

/** Percentages are given in decimal: 100 * 0.07 must be 7 and not 7.000000000000001, which would round up to 8. */
const round = (value: number): number => Math.round(value * 1e9) / 1e9;
