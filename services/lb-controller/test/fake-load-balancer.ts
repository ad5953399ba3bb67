import type { DeviceName } from '@gantry/contracts';
import { notFound, rejected, unreachable } from '../src/ports/lb-error.js';
import type {
  AdminState,
  DriverTiming,
  LoadBalancerDriver,
  MemberReading,
  PoolReading,
} from '../src/ports/load-balancer-driver.port.js';
import type { Pace } from '../src/ports/pace.port.js';

const RISE = 2;
const FALL = 2;
const TOP = RISE + FALL - 1;

interface FakeMember {
  readonly name: string;
  admin: AdminState;
  /** What the check would find. */
  well: boolean;
  up: boolean;
  health: number;
  /** The last check's result as shown: kept over maintenance, as HAProxy does. */
  passed: boolean | undefined;
  nextCheckAt: number;
  connections: number;
  hits: number;
  checks: number;
}

/** How the fake behaves. */
export interface FakeOptions {
  readonly device: DeviceName;
  readonly pace: Pace;
  readonly pools: Readonly<Record<string, readonly string[]>>;
  readonly timing: DriverTiming;
  readonly checkIntervalMs: number;
  /** Time a call takes to arrive, and its answer to come back. */
  readonly latencyMs?: () => number;
}

/**
 * A load balancer in memory with HAProxy's manners: it forgets everything at a reload, assumes a server well after
 * maintenance before any check ran, and shows the old check's result meanwhile.
 */
export class FakeLoadBalancer implements LoadBalancerDriver {
  readonly device: DeviceName;
  readonly timing: DriverTiming;
  /** Backends whose writes are answered with success and have no effect. */
  readonly deaf = new Set<string>();
  plugged = true;
  /** Writes still to come that are refused, or done without an answer. */
  refusals = 0;
  lostAnswers = 0;
  /** How long it answers from what it read before. */
  cacheMs = 0;
  private readonly kept = new Map<string, { readonly at: number; readonly reading: PoolReading }>();
  private readonly pools: Map<string, FakeMember[]>;
  private epoch = 1;
  private epochAt = -1_000_000;
  private turn = 0;

  constructor(private readonly options: FakeOptions) {
    this.device = options.device;
    this.timing = options.timing;
    this.pools = new Map(
      Object.entries(options.pools).map(([backend, names]) => [backend, names.map(newMember)]),
    );
  }

  async readPool(backend: string): Promise<PoolReading> {
    await this.travel();
    const members = this.show(backend);
    const now = this.options.pace.nowMs();
    const seen = { members, epoch: String(this.epoch), epochAgeMs: now - this.epochAt };
    const known = this.kept.get(backend);
    await this.travel();
    if (known !== undefined && now - known.at < this.cacheMs) return known.reading;
    this.kept.set(backend, { at: now, reading: seen });
    return seen;
  }

  /** The pool as it is this moment, for who watches from outside. */
  show(backend: string): readonly MemberReading[] {
    return this.members(backend).map((member) => this.reading(member));
  }

  async setAdmin(backend: string, member: string, want: AdminState): Promise<void> {
    await this.travel();
    const found = this.member(backend, member);
    if (this.refusals > 0) {
      this.refusals -= 1;
      throw rejected(this.device, `${member} ${want}`, 'another task is active');
    }
    if (!this.deaf.has(backend)) this.change(found, want);
    if (this.lostAnswers > 0) {
      this.lostAnswers -= 1;
      throw unreachable(this.device, 'it timed out');
    }
    await this.travel();
  }

  async killConnections(backend: string, member: string): Promise<void> {
    await this.travel();
    this.member(backend, member).connections = 0;
  }

  /** A client's request: which member got it. */
  request(backend: string): string | undefined {
    const candidates = this.members(backend).filter((member) => takesTraffic(member));
    const chosen = candidates[this.turn++ % Math.max(1, candidates.length)];
    if (chosen) chosen.hits += 1;
    return chosen?.name;
  }

  hold(backend: string, member: string): () => void {
    const found = this.member(backend, member);
    const heldIn = this.epoch;
    found.connections += 1;
    // After a reload the old worker serves it on, uncounted.
    return () => {
      if (this.epoch === heldIn && found.connections > 0) found.connections -= 1;
    };
  }

  hits(name: string): number {
    return this.every(name).reduce((sum, { hits }) => sum + hits, 0);
  }

  checks(name: string): number {
    return this.every(name).reduce((sum, { checks }) => sum + checks, 0);
  }

  setWell(name: string, well: boolean): void {
    for (const member of this.every(name)) member.well = well;
  }

  remove(backend: string, name: string): void {
    this.pools.set(
      backend,
      this.members(backend).filter((member) => member.name !== name),
    );
  }

  reload(): void {
    this.epoch += 1;
    this.epochAt = this.options.pace.nowMs();
    for (const member of [...this.pools.values()].flat()) {
      const { checkIntervalMs, pace } = this.options;
      const nextCheckAt = pace.nowMs() + checkIntervalMs;
      const fresh = { admin: 'in', up: true, health: RISE, passed: undefined, connections: 0 };
      Object.assign(member, fresh, { nextCheckAt });
    }
  }

  private every(name: string): FakeMember[] {
    return [...this.pools.values()].flat().filter((member) => member.name === name);
  }

  private member(backend: string, name: string): FakeMember {
    const found = this.members(backend).find((member) => member.name === name);
    if (!found) throw notFound(this.device, `server ${backend}/${name}`, 'No such server.');
    return found;
  }

  private members(backend: string): FakeMember[] {
    const members = this.pools.get(backend);
    if (!members) throw notFound(this.device, `backend ${backend}`, 'No such backend.');
    for (const member of members) this.check(member);
    return members;
  }

  /** Runs the checks that were due since anybody looked. */
  private check(member: FakeMember): void {
    const { pace, checkIntervalMs } = this.options;
    for (; member.nextCheckAt <= pace.nowMs(); member.nextCheckAt += checkIntervalMs) {
      if (member.admin === 'off') continue;
      member.checks += 1;
      member.passed = member.well;
      member.health = member.well ? healthier(member.health) : sicker(member.health);
      member.up = member.health >= RISE;
    }
  }

  private change(member: FakeMember, want: AdminState): void {
    if (want === 'off') Object.assign(member, { up: false, health: 0 });
    else if (member.admin === 'off') {
      const { pace, checkIntervalMs } = this.options;
      const nextCheckAt = pace.nowMs() + checkIntervalMs;
      Object.assign(member, { up: true, health: RISE, nextCheckAt });
    }
    member.admin = want;
  }

  private reading(member: FakeMember): MemberReading {
    const full = member.up && member.health === TOP && member.passed === true;
    const traffic = takesTraffic(member);
    return {
      member: member.name,
      admin: member.admin,
      monitor: full ? 'up' : member.up ? 'checking' : 'down',
      upProvesCheck: full,
      takesTraffic: traffic,
      inService: traffic && full,
      connections: member.connections,
      check: `passed ${String(member.passed)}, health ${member.health}`,
    };
  }

  private async travel(): Promise<void> {
    const ms = this.options.latencyMs?.() ?? 0;
    if (ms > 0) await this.options.pace.sleep(ms);
    if (!this.plugged) throw unreachable(this.device, 'unplugged');
  }
}

const newMember = (name: string): FakeMember => ({
  name,
  admin: 'in',
  well: true,
  up: true,
  health: TOP,
  passed: true,
  nextCheckAt: 0,
  connections: 0,
  hits: 0,
  checks: 0,
});

const takesTraffic = ({ admin, up }: FakeMember): boolean => admin === 'in' && up;
const healthier = (health: number): number => (health + 1 >= RISE ? TOP : health + 1);
const sicker = (health: number): number => (health > RISE ? health - 1 : 0);
