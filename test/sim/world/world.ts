import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { CommandReply } from '@gantry/contracts';
import { compareCursors, type FeedCursor } from '@gantry/event-log';
import { Log } from '@gantry/service-kit';
import {
  BrokerModel,
  CLEAR,
  Simulation,
  Sometimes,
  type Life,
  type Mishap,
  type SimProcess,
} from '@gantry/testing/sim';
import { MemoryDatabase } from '../../../services/orchestrator/test/memory-database.js';
import { keyIdOf } from '../../../services/puppet-listener/src/security/host-key.js';
import { FIRST_EVR, NEXT_EVR, type Scenario } from '../scenario.js';
import { BRANCHES, type Branch } from './branches.js';
import { branchOfLine } from './branch-of-line.js';
import { Chronicle } from './chronicle.js';
import { CrashSwitch } from './crash-switch.js';
import { BuildsSource } from './builds-source.js';
import { DeviceModel } from './device-model.js';
import { GateModel } from './gate-model.js';
import { HostModel } from './host-model.js';
import { membersOf } from './places.js';

const MISHAPS: Readonly<Record<Mishap, Branch>> = {
  lost: 'message lost',
  doubled: 'message doubled',
  delayed: 'message delayed',
  overtaken: 'message overtaken',
  expired: 'message expired',
  wiped: 'broker store wiped with messages in it',
  redelivered: 'message redelivered',
};

/** One person's consent to one plan, as it was spoken. */
export interface Consent {
  readonly atMs: number;
  readonly deploymentId: string;
  readonly planHash: string;
  readonly by: string;
}

/** Everything outside Gantry's processes, and what these processes have in common. */
export class World {
  readonly sim: Simulation;
  readonly broker: BrokerModel;
  readonly database: MemoryDatabase;
  readonly device: DeviceModel;
  readonly hosts: readonly HostModel[];
  readonly crash = new CrashSwitch();
  readonly branches = new Sometimes<Branch>(BRANCHES);
  readonly chronicle: Chronicle;
  readonly gates: GateModel;
  readonly builds: BuildsSource;
  /** What people have consented to, when they did. */
  readonly consents: Consent[] = [];
  readonly processes: SimProcess[] = [];
  /** What people were told, by the id of what they asked. */
  readonly replies = new Map<string, CommandReply>();
  /** Messages that nobody could handle. */
  readonly parked: { readonly type: string; readonly why: string }[] = [];
  /** Files of the Puppet server: host, then package. */
  readonly wanted = new Map<string, Map<string, string>>();
  /** Until when the database does not answer. */
  databaseAwayUntilMs = 0;
  /** Commits out of a hundred whose client is told nothing. */
  untoldCommits = 0;
  /** When somebody last emptied the derived tables. */
  tablesClearedAtMs = -Infinity;
  /** Who leads the relay, and how far it came. */
  relayLeader: Life | undefined;
  relayed: FeedCursor | undefined;
  private made = 0;
  private hasNews = false;
  private readUpTo: FeedCursor | undefined;
  private readonly commitHooks = new Set<() => void>();

  constructor(readonly scenario: Scenario) {
    this.sim = new Simulation(scenario.seed);
    this.broker = new BrokerModel(this.sim, (mishap) => this.branches.hit(MISHAPS[mishap]));
    this.database = new MemoryDatabase(() => this.sim.nowMs);
    this.chronicle = new Chronicle(this.sim);
    this.builds = new BuildsSource(this);
    this.gates = new GateModel(this.sim, scenario.pipeline?.answers ?? {});
    const { hosts, applications, runs } = scenario;
    this.device = new DeviceModel(this.sim, membersOf(scenario), (mishap) =>
      this.branches.hit(mishap === 'untold' ? 'device write untold' : 'device reloaded'),
    );
    const packages = new Map(applications.map(({ name }) => [name, FIRST_EVR]));
    this.hosts = hosts.map(
      (name) =>
        new HostModel(name, packages, runs[name] ?? [], {
          sim: this.sim,
          wanted: (host) => this.wanted.get(host) ?? new Map<string, string>(),
          works: (packageName, evr, cameBack) => this.works(packageName, evr, cameBack),
        }),
    );
  }

  /** A new id; the same in every play of a seed. */
  uuid(): string {
    this.made += 1;
    return `01900000-0000-7000-8000-${this.made.toString(16).padStart(12, '0')}`;
  }

  host(name: string): HostModel | undefined {
    return this.hosts.find((host) => host.name === name);
  }

  process(name: string): SimProcess | undefined {
    return this.processes.find((process) => process.name === name);
  }

  get databaseIsAway(): boolean {
    return this.sim.elapsedMs < this.databaseAwayUntilMs;
  }

  /** A service's log: its lines tell which rare branch was taken. */
  logOf(service: string): Log {
    return new Log({
      service,
      write: (line) => {
        const branch = branchOfLine(line);
        if (branch !== undefined) this.branches.hit(branch);
      },
    });
  }

  /** Told after every commit. */
  onCommit(life: Life, run: () => void): void {
    this.commitHooks.add(run);
    life.whenItDies(() => this.commitHooks.delete(run));
  }

  committed(): void {
    this.hasNews = true;
    for (const run of this.commitHooks) run();
  }

  /** How long the oldest event that was not published yet has been waiting. */
  oldestUnpublishedMs(): number {
    const { relayed, chronicle, sim } = this;
    const at = chronicle.all.findLastIndex(
      ({ event }) => relayed !== undefined && compareCursors(event.cursor, relayed) <= 0,
    );
    const next = chronicle.all[at + 1];
    return next === undefined ? 0 : sim.elapsedMs - next.atMs;
  }

  /** Reads what the log has more than before: what is in it counts, not what its writers believe. */
  async readNews(): Promise<void> {
    if (!this.hasNews) return;
    this.hasNews = false;
    const events = await this.database.readFeed(this.readUpTo, Number.MAX_SAFE_INTEGER);
    this.readUpTo = events.at(-1)?.cursor ?? this.readUpTo;
    for (const event of events) this.chronicle.record(event);
  }

  /** Nothing befalls the world any more: what is armed is disarmed, and what was planned to go wrong goes well. */
  calm(): void {
    this.crash.disarm();
    this.broker.weather = CLEAR;
    this.untoldCommits = 0;
    for (const host of this.hosts) host.sick = false;
    for (const process of this.processes) process.start();
  }

  /** After every step: the device's checks find what the hosts are now, and what it shows is read for the checks. */
  look(): void {
    for (const { name, isWell } of this.hosts) this.device.setWell(name, isWell);
    this.device.look();
  }

  private works(packageName: string, evr: string, cameBack: boolean): boolean {
    const application = this.scenario.applications.find(({ name }) => name === packageName);
    if (evr === NEXT_EVR) return application?.good !== false;
    return !(cameBack && application?.goodBack === false);
  }
}

/** A signer's keys, and the id they are known by. */
export interface Signer {
  readonly keyId: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Keys are the same for every play: they decide nothing, and making them is dear. */
const SIGNERS = new Map<string, Signer>();

/** The keys of a signer. */
export function signerOf(name: string): Signer {
  const known = SIGNERS.get(name);
  if (known !== undefined) return known;
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const signer = { keyId: keyIdOf(publicKey), privateKey, publicKey };
  SIGNERS.set(name, signer);
  return signer;
}
