import type { Simulation } from '@gantry/testing/sim';
import type { RunEnd } from '../scenario.js';
import { MemoryDisk } from './memory-disk.js';

/** One Puppet run as the host knows it, whoever listens. */
export interface RunRecord {
  readonly cmdId: string;
  readonly pid: number;
  readonly bootId: string;
  end: RunEnd | 'running' | 'waiting';
  after: ReadonlyMap<string, string>;
  readonly whenEnded: (() => void)[];
}

/** What of the world a host looks at. */
export interface HostSurroundings {
  readonly sim: Simulation;
  /** What the Puppet server's file says that this host shall have. */
  readonly wanted: (host: string) => ReadonlyMap<string, string>;
  /** `cameBack` = the host has had another version since. */
  readonly works: (packageName: string, evr: string, cameBack: boolean) => boolean;
}

const SHORTEST_RUN_MS = 3_000;
const LONGEST_RUN_MS = 40_000;

/**
 * A host with its own memory of what is true: packages, a disk, Puppet. A run goes on whether or not anybody listens, takes
 * the version from the server's file when it ends, and waits while another holds Puppet's lock.
 */
export class HostModel {
  readonly disk = new MemoryDisk();
  readonly installed: Map<string, string>;
  readonly runs: RunRecord[] = [];
  boots = 1;
  sick = false;
  /** A failed or cut run left it half changed, until one converges. */
  halfChanged = false;
  /** Packages that have been changed since the beginning. */
  private readonly changed = new Set<string>();
  private lockedBy: string | undefined;
  private readonly waiting: (() => void)[] = [];
  private readonly ends: RunEnd[];

  constructor(
    readonly name: string,
    packages: ReadonlyMap<string, string>,
    ends: readonly RunEnd[],
    private readonly around: HostSurroundings,
  ) {
    this.installed = new Map(packages);
    this.ends = [...ends];
  }

  get bootId(): string {
    return `${this.name}-boot-${this.boots}`;
  }

  get lockHolder(): string | undefined {
    return this.lockedBy;
  }

  /** What the application's own check would say. */
  get isWell(): boolean {
    const works = [...this.installed].every(([name, evr]) =>
      this.around.works(name, evr, this.changed.has(name)),
    );
    return works && !this.sick && !this.halfChanged;
  }

  /** Whether a person has disabled Puppet just now; the next who asks finds it enabled again. */
  takeDisabled(): boolean {
    const disabled = this.ends[0] === 'disabled';
    if (disabled) this.ends.shift();
    return disabled;
  }

  /** Starts the agent for this command; with the lock held it waits, as the real one does. */
  startPuppet(cmdId: string): RunRecord {
    const run: RunRecord = {
      cmdId,
      pid: 1_000 + this.runs.length,
      bootId: this.bootId,
      end: 'waiting',
      after: new Map(),
      whenEnded: [],
    };
    this.runs.push(run);
    this.around.sim.trace.note(this.name, `Puppet starts for ${cmdId}`);
    this.whenFree(() => this.begin(run));
    return run;
  }

  /** Somebody else's run holds Puppet's lock for a while. */
  foreignRun(forMs: number): void {
    this.whenFree(() => {
      this.lockedBy = 'a person';
      this.around.sim.trace.note(this.name, 'somebody runs Puppet by hand');
      this.around.sim.after(forMs, () => this.free('a person'));
    });
  }

  /** The machine goes down: a run is cut off, and nobody is told. */
  powerFails(): void {
    this.around.sim.trace.note(this.name, 'goes down');
    this.boots += 1;
    this.lockedBy = undefined;
    this.waiting.length = 0;
    for (const run of this.runs) if (run.end === 'running' || run.end === 'waiting') this.cut(run);
  }

  private begin(run: RunRecord): void {
    if (run.end !== 'waiting') return;
    this.lockedBy = run.cmdId;
    run.end = 'running';
    const { sim } = this.around;
    const length = sim.random.fork(`run ${run.cmdId}`);
    sim.after(length.between(SHORTEST_RUN_MS, LONGEST_RUN_MS), () => {
      if (run.end === 'running') this.finish(run, this.ends.shift() ?? 'converges');
    });
  }

  private finish(run: RunRecord, end: RunEnd): void {
    if (end === 'cut') this.cut(run);
    else run.end = end;
    if (end === 'fails') this.halfChanged = true;
    if (end === 'converges') {
      for (const [name, evr] of this.around.wanted(this.name)) this.install(name, evr);
      this.halfChanged = false;
    }
    run.after = new Map(this.installed);
    const has = [...this.installed].map(([name, evr]) => `${name} ${evr}`).join(', ');
    this.around.sim.trace.note(this.name, `Puppet: ${end} for ${run.cmdId}; it has ${has}`);
    this.free(run.cmdId);
    for (const told of run.whenEnded.splice(0)) told();
  }

  private install(name: string, evr: string): void {
    if (this.installed.get(name) !== evr) this.changed.add(name);
    this.installed.set(name, evr);
  }

  private cut(run: RunRecord): void {
    if (run.end === 'running') this.halfChanged = true;
    run.end = 'cut';
  }

  private whenFree(run: () => void): void {
    if (this.lockedBy === undefined) run();
    else this.waiting.push(run);
  }

  private free(holder: string): void {
    if (this.lockedBy !== holder) return;
    this.lockedBy = undefined;
    this.waiting.shift()?.();
  }
}
