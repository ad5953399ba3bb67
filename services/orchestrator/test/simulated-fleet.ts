import {
  LbDrained,
  LbEnabled,
  LbPoolsSurveyed,
  PuppetRunStarted,
  PuppetRunStatus,
  PuppetVersionPublished,
  type DataOf,
  type InstalledPackage,
  type Message,
  type PoolSnapshot,
  type PuppetQueryRequested,
  type PuppetRunRequested,
} from '@gantry/contracts';
import {
  answer,
  converged,
  healthy,
  packageAt,
  surveyed,
  type Answer,
} from './simulated-answers.js';

/** What the orchestrator asks of the world. */
export type Request = Message<
  | 'lb.survey.requested'
  | 'lb.drain.requested'
  | 'lb.enable.requested'
  | 'puppet.survey.requested'
  | 'puppet.publish.requested'
  | 'puppet.run.requested'
  | 'puppet.query.requested'
>;

/** Something that was done to the world. */
export interface Effect {
  readonly type: Request['type'];
  readonly host: string;
  readonly requestId: string;
}

type RunData = DataOf<typeof PuppetRunRequested>;
const FIRST_EVR = '1.0.0-1';

/**
 * Hosts, pools and Puppet as one model: requests are carried out at once, and asked twice they are answered twice. It knows
 * nothing of the orchestrator, and keeps what was really done.
 */
export class SimulatedFleet {
  readonly effects: Effect[] = [];
  /** Requests of these types are lost on their way. */
  readonly lost = new Set<Request['type']>();
  /** Most hosts that were out at the same time. */
  mostOut = 0;
  private readonly out = new Set<string>();
  private readonly installed = new Map<string, string>();
  private readonly wanted = new Map<string, string>();
  private readonly ran = new Map<string, RunData>();
  /** As on a host: a run it has called never seen is refused when it comes late. */
  private readonly disowned = new Set<string>();

  constructor(private readonly members: readonly string[]) {}

  /** Everything is as at the beginning. */
  reset(): void {
    for (const each of [this.lost, this.out, this.installed, this.wanted, this.ran, this.disowned])
      each.clear();
    this.effects.length = 0;
    this.mostOut = 0;
  }

  count(type: Request['type'], host?: string): number {
    return this.effects.filter((e) => e.type === type && (host ?? e.host) === e.host).length;
  }

  /** Requests of the type that were carried out under an id that had been carried out before. */
  repeated(type: Request['type']): number {
    const ids = this.effects.filter((e) => e.type === type).map((e) => e.requestId);
    return ids.length - new Set(ids).size;
  }

  evrOf(host: string, name: string): string {
    return this.installed.get(`${host} ${name}`) ?? FIRST_EVR;
  }

  /** Somebody else has changed what is installed there. */
  install(host: string, name: string, evr: string): void {
    this.installed.set(`${host} ${name}`, evr);
  }

  get outOfService(): readonly string[] {
    return [...this.out];
  }

  /** Does what is asked; what is answered, in order. */
  carryOut(request: Request): readonly Answer[] {
    const { type, data } = request;
    if (this.lost.has(type)) return [];
    const { requestId } = data;
    this.effects.push({ type, host: 'host' in data ? data.host : '', requestId });
    const at = new Date().toISOString();
    switch (request.type) {
      case 'lb.survey.requested':
      case 'lb.drain.requested':
      case 'lb.enable.requested':
        return this.balance(request, at);
      case 'puppet.survey.requested':
        return request.data.hosts.map((host) =>
          surveyed(request.data.requestId, host, this.packages(host, request.data.packages)),
        );
      case 'puppet.publish.requested': {
        const { host, servers, versions } = request.data;
        for (const { name, evr } of versions) this.wanted.set(`${host} ${name}`, evr);
        const published = { requestId: request.data.requestId, host };
        return servers.map((server) => answer(PuppetVersionPublished, { ...published, server }));
      }
      case 'puppet.run.requested':
        if (this.disowned.has(requestId)) return [];
        this.ran.set(requestId, request.data);
        return this.run(request.data, at);
      case 'puppet.query.requested':
        return this.remembered(request.data, at);
    }
  }

  /** As from a host's journal: what became of the run, or that it was never heard of. */
  private remembered(query: DataOf<typeof PuppetQueryRequested>, at: string): readonly Answer[] {
    const { requestId, host, commandId } = query;
    const run = this.ran.get(commandId);
    if (run !== undefined) return this.run(run, at);
    this.disowned.add(commandId);
    return [answer(PuppetRunStatus, { requestId, host, commandId, state: 'never-seen' })];
  }

  private balance(
    request: Extract<Request, { type: `lb.${string}` }>,
    at: string,
  ): readonly Answer[] {
    switch (request.type) {
      case 'lb.survey.requested': {
        const { requestId } = request.data;
        const pools = request.data.pools.map((pool) => this.snapshot(pool, at));
        return [answer(LbPoolsSurveyed, { requestId, pools, unreadable: [] })];
      }
      case 'lb.drain.requested': {
        const { requestId, host } = request.data;
        this.out.add(host);
        this.mostOut = Math.max(this.mostOut, this.out.size);
        const counts = { connectionsAtEnd: 0, reads: 2, waitedMs: 1 };
        const evidence = { end: 'idle', ...counts, drainedAt: at } as const;
        return [answer(LbDrained, { requestId, host, evidence, pools: [] })];
      }
      case 'lb.enable.requested': {
        const { requestId, host } = request.data;
        this.out.delete(host);
        const evidence = { checks: 'good', reads: 2, waitedMs: 1, inServiceAt: at };
        return [answer(LbEnabled, { requestId, host, evidence, pools: [] })];
      }
    }
  }

  private run(run: RunData, at: string): readonly Answer[] {
    const { requestId, host } = run;
    const names = run.wanted.map((p) => p.name);
    const before = this.packages(host, names);
    for (const name of names)
      this.installed.set(`${host} ${name}`, this.wanted.get(`${host} ${name}`) ?? FIRST_EVR);
    const started = answer(PuppetRunStarted, { requestId, host, startedAt: at });
    const finished = converged(run, at, { before, after: this.packages(host, names) });
    return [started, finished, ...(run.health === null ? [] : [healthy(run, at)])];
  }

  private packages(host: string, names: readonly string[]): InstalledPackage[] {
    return names.map((name) => packageAt(name, this.evrOf(host, name)));
  }

  private snapshot(
    { pool, device }: Pick<PoolSnapshot, 'pool' | 'device'>,
    readAt: string,
  ): PoolSnapshot {
    const members = this.members.map((member) => {
      const inService = !this.out.has(member);
      const admin = inService ? ('in' as const) : ('off' as const);
      return { member, admin, monitor: 'up' as const, inService, connections: 0 };
    });
    return { pool, device, epoch: '1', readAt, members };
  }
}
