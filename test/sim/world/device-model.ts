import type { DeviceName } from '@gantry/contracts';
import type { Life, Random, Simulation } from '@gantry/testing/sim';
import { unreachable } from '../../../services/lb-controller/src/ports/lb-error.js';
import type {
  AdminState,
  LoadBalancerDriver,
  MemberReading,
} from '../../../services/lb-controller/src/ports/load-balancer-driver.port.js';
import { FakeLoadBalancer } from '../../../services/lb-controller/test/fake-load-balancer.js';
import type { CrashSwitch } from './crash-switch.js';
import { DEVICE } from './fleet-text.js';

/** A write as the device took it, with what its pool showed of the others at that moment. */
export interface DeviceWrite {
  readonly atMs: number;
  readonly pool: string;
  readonly member: string;
  readonly want: AdminState;
  readonly by: string;
  readonly before: MemberReading | undefined;
  readonly others: readonly MemberReading[];
}

/** The load balancer: the fake that passes the drivers' suite, with a memory of every write, and faults of its own. */
export class DeviceModel {
  readonly writes: DeviceWrite[] = [];
  readonly pools: readonly string[];
  /** Calls out of a hundred that are carried out and then answered with a time-out. */
  untold = 0;
  /** When it last forgot what it was told. */
  reloadedAtMs = -Infinity;
  private readonly fake: FakeLoadBalancer;
  private readonly luck: Random;
  private readonly well = new Map<string, boolean>();
  /** What its checks were told last: after every step, so only what is new. */
  private readonly passes = new Map<string, boolean>();
  private readonly disagrees = new Set<string>();
  private readonly lastShown = new Map<string, readonly MemberReading[]>();

  constructor(
    private readonly sim: Simulation,
    members: Readonly<Record<string, readonly string[]>>,
    private readonly told: (mishap: 'untold' | 'reload') => void,
  ) {
    this.luck = sim.random.fork('device');
    this.pools = Object.keys(members);
    this.fake = new FakeLoadBalancer({
      device: DEVICE as DeviceName,
      // The first seconds are history: every check has passed.
      pace: { nowMs: () => sim.elapsedMs + 60_000, sleep: () => Promise.resolve() },
      pools: members,
      timing: { pollMs: 1_000, checkWindowMs: 2_500, reloadGraceMs: 0 },
      checkIntervalMs: 1_000,
    });
  }

  /** The pool as it is this moment. */
  show(pool: string): readonly MemberReading[] {
    return this.fake.show(pool);
  }

  /** The pool as it was after the last step: what checks look at, read once for all of them. */
  shown(pool: string): readonly MemberReading[] {
    return this.lastShown.get(pool) ?? [];
  }

  look(): void {
    for (const [member, isWell] of this.well) {
      const passes = isWell && !this.disagrees.has(member);
      if (this.passes.get(member) === passes) continue;
      this.passes.set(member, passes);
      this.fake.setWell(member, passes);
    }
    for (const pool of this.pools) this.lastShown.set(pool, this.show(pool));
  }

  setWell(member: string, isWell: boolean): void {
    this.well.set(member, isWell);
  }

  /** It restarts and forgets what it was told. */
  reload(): void {
    this.reloadedAtMs = this.sim.elapsedMs;
    this.sim.trace.note(DEVICE, 'reloads and forgets');
    this.told('reload');
    this.fake.reload();
  }

  goAway(forMs: number): void {
    this.sim.trace.note(DEVICE, `does not answer for ${forMs} ms`);
    this.fake.plugged = false;
    this.sim.after(forMs, () => (this.fake.plugged = true));
  }

  /** Takes commands, says yes, and does nothing. */
  goDeaf(forMs: number): void {
    this.sim.trace.note(DEVICE, `takes commands without effect for ${forMs} ms`);
    for (const pool of this.pools) this.fake.deaf.add(pool);
    this.sim.after(forMs, () => this.fake.deaf.clear());
  }

  /** The device's own check of a member finds something else than the host's. */
  disagree(member: string, forMs: number): void {
    this.sim.trace.note(DEVICE, `finds ${member} down for ${forMs} ms`);
    this.disagrees.add(member);
    this.sim.after(forMs, () => this.disagrees.delete(member));
  }

  /** Somebody writes past everything: a person by hand, or a process that should not. */
  tamper(pool: string, member: string, want: AdminState, by = 'somebody'): Promise<void> {
    return this.write(pool, member, want, by);
  }

  /** A driver for one life of a process. */
  driver(life: Life, crash: CrashSwitch): LoadBalancerDriver {
    const { fake } = this;
    return {
      device: fake.device,
      timing: fake.timing,
      readPool: (backend) => life.call(() => fake.readPool(backend)),
      setAdmin: async (backend, member, want) => {
        if (crash.reach(life, 'before-write', [want])) return life.never;
        await life.call(() => this.write(backend, member, want, life.name));
        if (crash.reach(life, 'after-write', [want])) return life.never;
      },
      killConnections: (backend, member) => life.call(() => fake.killConnections(backend, member)),
    };
  }

  private async write(pool: string, member: string, want: AdminState, by: string): Promise<void> {
    const all = this.show(pool);
    const before = all.find((each) => each.member === member);
    const others = all.filter((each) => each.member !== member);
    await this.fake.setAdmin(pool, member, want);
    const isDone = this.show(pool).find((each) => each.member === member)?.admin === want;
    this.sim.trace.note(
      DEVICE,
      `${pool}/${member} ${isDone ? 'is' : 'was told, and is not'} ${want}`,
    );
    if (isDone) {
      const atMs = this.sim.elapsedMs;
      this.writes.push({ atMs, pool, member, want, by, before, others });
    }
    if (!this.luck.chance(this.untold / 100)) return;
    this.told('untold');
    throw unreachable(DEVICE, 'no answer within 5000 ms');
  }
}
