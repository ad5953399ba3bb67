import type { DeviceName } from '@gantry/contracts';
import type { LoadBalancerDriver } from '../src/ports/load-balancer-driver.port.js';
import type { Pace } from '../src/ports/pace.port.js';

/**
 * A device with pools `web` (web1, web2, web3) and `api` (web1, web2) before the same three applications, and the hands to
 * do to it what happens to devices.
 */
export interface DeviceUnderTest {
  readonly name: DeviceName;
  readonly driver: LoadBalancerDriver;
  readonly pace: Pace;
  /** A client's request: it counts as a hit of the member that got it. */
  request(backend: string): Promise<void>;
  hits(member: string): number;
  /** Health checks that have reached the member's application. */
  checks(member: string): number;
  /** Opens a connection that stays open at this member until it is let go. */
  hold(backend: string, member: string): Promise<HeldConnection>;
  setWell(member: string, well: boolean): void;
  reload(): Promise<void>;
  unplug(): Promise<void>;
  plug(): Promise<void>;
  close(): Promise<void>;
}

/** A client that is being served. */
export interface HeldConnection {
  /** Whether the client is still being served. */
  open(): boolean;
  release(): void;
}
