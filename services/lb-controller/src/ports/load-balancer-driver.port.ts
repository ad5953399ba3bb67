import type { DeviceName, MemberSnapshot } from '@gantry/contracts';

/** What a member is told to be: `in` takes new connections, `drain` keeps the old ones only, `off` takes none at all. */
export type AdminState = 'in' | 'drain' | 'off';

/** A member as the device shows it now. */
export interface MemberReading {
  readonly member: string;
  /** Decoded from the device's switches, never from a status text; `half` = the switches contradict each other. */
  readonly admin: MemberSnapshot['admin'];
  /** Who else decides the admin state (a tracked server, DNS, an agent), when it is not set on the member itself. */
  readonly inheritedFrom?: string;
  /** `up` only at full health by a check that passed; a state the device assumes without having checked is `checking`. */
  readonly monitor: MemberSnapshot['monitor'];
  /** `up` after the member was off can only come from a check made since: the device shows it as `checking` until then. */
  readonly upProvesCheck: boolean;
  /** May be given new connections now, well or not: what is lost when the member is taken out. */
  readonly takesTraffic: boolean;
  /** Takes new connections and its checks agree (or it has none): what counts as capacity. */
  readonly inService: boolean;
  /** Sessions on the member and queued for it; null when the device does not tell. */
  readonly connections: number | null;
  /** The check's result in the device's words, for people. */
  readonly check: string;
}

/** A pool as the device shows it: everything in it comes from one answer of one epoch. */
export interface PoolReading {
  readonly members: readonly MemberReading[];
  /** Changes when the device may have forgotten what it was told (HAProxy: process id; F5: failover). */
  readonly epoch: string;
  /** Age of that epoch: connections of the time before it are not in the counts. */
  readonly epochAgeMs: number;
}

/** How long things take at this device. */
export interface DriverTiming {
  /** Pause between two reads while waiting. */
  readonly pollMs: number;
  /** After this time every member has been checked at least once, or its check has timed out. */
  readonly checkWindowMs: number;
  /** How long a drain mistrusts the connection count of a young epoch. */
  readonly reloadGraceMs: number;
}

/**
 * One load balancer. Drivers translate, procedures decide: a driver never waits for a state, never retries across an unknown
 * outcome of its own accord, and never concludes from a success answer that something happened.
 *
 * - `readPool` reads from the unit that carries the traffic. It answers with everything or not at all: an answer that is cut
 *   short is an error. A pool the device does not know is `lb.not-found`; since devices say that of things that exist while
 *   they restart, callers confirm it by reading again.
 * - `setAdmin` writes an absolute state, so writing it twice is harmless. It resolves when the device has taken the command,
 *   which is not proof of an effect: callers read back.
 * - `killConnections` cuts what is open on the member; clients see it.
 * - Every failure is a GantryError with code `lb.not-found`, `lb.rejected`, `lb.unreachable` or `lb.unreadable`. After
 *   `lb.unreachable` from a write the outcome is unknown: read, then decide.
 */
export interface LoadBalancerDriver {
  readonly device: DeviceName;
  readonly timing: DriverTiming;
  readPool(backend: string): Promise<PoolReading>;
  setAdmin(backend: string, member: string, want: AdminState): Promise<void>;
  killConnections(backend: string, member: string): Promise<void>;
}
