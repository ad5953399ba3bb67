import type { PoolSnapshot } from '@gantry/contracts';
import type { DeploymentFact, DeploymentInput } from '../src/index.js';
import {
  drainEvidence,
  enableEvidence,
  health,
  hostFacts,
  installed,
  runFinished,
} from './answers.js';

/** A request that went out to the world. */
export type Request = Extract<DeploymentFact, { type: `lb.${string}` | `puppet.${string}` }>;
type Of<T extends Request['type']> = Extract<Request, { type: T }>;

/** What becomes of a run command. `lost` = the host never sees it; `hangs` = it never ends; `lies` = called converged, and is not. */
export type RunScript =
  | 'converges'
  | 'fails'
  | 'busy'
  | 'disabled'
  | 'server-unreachable'
  | 'interrupted'
  | 'lost'
  | 'hangs'
  | 'lies';
export type DrainScript = 'ok' | 'timeout' | 'unreachable' | 'left-out' | 'lost';
export type EnableScript = 'ok' | 'unhealthy' | 'unreachable' | 'lost';
export type PublishScript = 'ok' | 'fails' | 'lost';

/** How one host of the world behaves; each list is used up request by request, and then all is well. */
export interface HostScript {
  /** `asked-twice`: the first question never gets there. */
  readonly survey?: 'ok' | 'silent' | 'asked-twice' | 'disabled';
  readonly runs?: readonly RunScript[];
  readonly drains?: readonly DrainScript[];
  readonly enables?: readonly EnableScript[];
  readonly publishes?: readonly PublishScript[];
  /** Whether the new version is healthy here, and the old one after coming back to it. */
  readonly healthy?: boolean;
  readonly healthyBack?: boolean;
  /** Out of service when the deployment begins: its check is red. */
  readonly startsOut?: boolean;
  /** Nothing is installed when the deployment begins. */
  readonly fresh?: boolean;
}

interface Truth {
  installed: string | undefined;
  broken: boolean;
  /** A run has brought it to something else than the new version. */
  cameBack: boolean;
}

/** What the fleet needs to begin with. */
export interface FleetOptions {
  readonly hosts: readonly string[];
  readonly pools: readonly string[];
  readonly foreign?: number;
  readonly from: string;
  readonly to: string;
  readonly scripts?: Readonly<Record<string, HostScript>>;
  /** Whether the load balancer refuses a drain that would take a pool below its minimum, as lb-controller does. */
  readonly guarded?: boolean;
}

/**
 * Everything around deployments, with its own memory of what is true: hosts with an installed version, pools whose members
 * are in or out, Puppet that does as its script says. It knows nothing of deciders; it answers requests.
 */
export class ModelFleet {
  readonly truth: Map<string, Truth>;
  /** Members in service, per pool: hosts under their own name, and foreign members. */
  readonly inService: Map<string, Set<string>>;
  /** Every time a pool went below what a drain request said must stay. */
  readonly shortages: string[] = [];
  readonly runsOf = new Map<string, number>();
  /** Hosts that we took out, and that nobody put back. */
  readonly takenOut = new Set<string>();
  /** From now on everything goes well. */
  kind = false;
  private readonly used = new Map<string, number>();
  private readonly surveyed = new Set<string>();
  private readonly wanted = new Map<string, string>();
  private readonly journal = new Map<string, DeploymentInput[]>();
  /** As on a host: a run it has called never seen is refused when it comes late. */
  private readonly disowned = new Set<string>();

  constructor(readonly options: FleetOptions) {
    const { hosts, pools, from, foreign = 0 } = options;
    this.truth = new Map(
      hosts.map((host) => {
        const { fresh = false, startsOut = false } = this.script(host);
        return [host, { installed: fresh ? undefined : from, broken: startsOut, cameBack: false }];
      }),
    );
    const others = Array.from({ length: foreign }, (_, i) => `other${i + 1}`);
    const up = hosts.filter((h) => !(this.script(h).startsOut ?? false));
    this.inService = new Map(pools.map((pool) => [pool, new Set([...up, ...others])]));
  }

  /** Whether the application on the host really works. */
  isHealthy(host: string): boolean {
    const { installed: evr, broken, cameBack } = this.of(host);
    const { healthy = true, healthyBack = true } = this.script(host);
    if (broken) return false;
    return evr === this.options.to ? healthy : !cameBack || healthyBack;
  }

  /** Whether the host is out somewhere it is a member. */
  isOut(host: string): boolean {
    return [...this.inService.values()].some((members) => !members.has(host));
  }

  /** The load balancer has forgotten who was out, lets everybody in, and knows nothing of anybody's health yet. */
  hasReloaded = false;

  snapshots(at: string): PoolSnapshot[] {
    return [...this.inService].map(([pool, up]) => ({
      pool,
      device: 'lb',
      epoch: '1',
      readAt: at,
      members: this.membersOf().map((member) => ({
        member,
        ...(this.hasReloaded
          ? { admin: 'in', monitor: 'checking', inService: false }
          : { admin: up.has(member) ? 'in' : 'off', monitor: 'up', inService: up.has(member) }),
        connections: 0,
      })),
    })) as PoolSnapshot[];
  }

  membersOf(): readonly string[] {
    const { hosts, foreign = 0 } = this.options;
    return [...hosts, ...Array.from({ length: foreign }, (_, i) => `other${i + 1}`)];
  }

  /** Does what is asked, and answers; nothing when the request is lost. */
  carryOut(request: Request, at: string): readonly DeploymentInput[] {
    switch (request.type) {
      case 'puppet.survey.requested':
        return this.survey(request);
      case 'lb.survey.requested': {
        const { requestId } = request.data;
        const data = { requestId, pools: this.snapshots(at), unreadable: [] };
        return [{ type: 'lb.pools.surveyed', data }];
      }
      case 'lb.drain.requested':
        return this.drain(request, at);
      case 'lb.enable.requested':
        return this.enable(request, at);
      case 'puppet.publish.requested':
        return this.publish(request);
      case 'puppet.run.requested':
        return this.run(request, at);
      case 'puppet.query.requested': {
        const { requestId, host, commandId } = request.data;
        const known = this.journal.get(commandId);
        if (known !== undefined && known.length > 0) return known;
        const state = known === undefined ? 'never-seen' : 'running';
        if (known === undefined) this.disowned.add(commandId);
        return [{ type: 'puppet.run.status', data: { requestId, host, commandId, state } }];
      }
    }
  }

  /** Whether Puppet would bring something else to the host than it has. */
  isToChange(host: string): boolean {
    const wanted = this.wanted.get(host);
    return wanted !== undefined && wanted !== this.of(host).installed;
  }

  private survey({ data }: Of<'puppet.survey.requested'>): readonly DeploymentInput[] {
    return data.hosts
      .filter((host) => this.answersSurvey(host))
      .map((host) =>
        hostFacts({
          requestId: data.requestId,
          host,
          installed: data.packages.map((name) => installed(name, this.of(host).installed)),
          disabled: this.script(host).survey === 'disabled' ? 'hands off' : null,
        }),
      );
  }

  private answersSurvey(host: string): boolean {
    const { survey } = this.script(host);
    const wasAsked = this.surveyed.has(host);
    this.surveyed.add(host);
    return survey !== 'silent' && (survey !== 'asked-twice' || wasAsked);
  }

  private drain(request: Of<'lb.drain.requested'>, at: string): readonly DeploymentInput[] {
    const { host, requestId, memberships } = request.data;
    const wasIn = !this.isOut(host);
    const failed = (kind: 'capacity' | 'timeout' | 'unreachable', restored = wasIn) => {
      const data = { requestId, host, kind, reason: kind, restored, pools: this.snapshots(at) };
      return [{ type: 'lb.drain.failed', data }] as const;
    };
    const short = memberships.filter(
      ({ pool, minInService }) =>
        this.leftWithout(pool, host) < minInService && this.isIn(pool, host),
    );
    if (short.length > 0 && this.options.guarded === true) return failed('capacity');
    switch (this.next(host, 'drains', 'ok')) {
      case 'lost':
        return [];
      case 'timeout':
        return failed('timeout');
      case 'unreachable':
        return failed('unreachable');
      case 'left-out':
        this.takeOut(host, short);
        return failed('unreachable', false);
      case 'ok': {
        this.takeOut(host, short);
        const data = { requestId, host, evidence: drainEvidence(at), pools: this.snapshots(at) };
        return [{ type: 'lb.drained', data }];
      }
    }
  }

  private takeOut(host: string, short: readonly { readonly pool: string }[]): void {
    for (const { pool } of short) this.shortages.push(`${pool} without ${host}`);
    for (const members of this.inService.values()) members.delete(host);
    this.takenOut.add(host);
  }

  private enable(request: Of<'lb.enable.requested'>, at: string): readonly DeploymentInput[] {
    const { host, requestId } = request.data;
    const wanted = this.next(host, 'enables', 'ok');
    if (wanted === 'lost') return [];
    const pools = this.snapshots(at);
    if (wanted !== 'ok' || !this.isHealthy(host)) {
      const kind = wanted === 'unreachable' ? 'unreachable' : 'unhealthy';
      return [{ type: 'lb.enable.failed', data: { requestId, host, kind, reason: kind, pools } }];
    }
    for (const members of this.inService.values()) members.add(host);
    this.takenOut.delete(host);
    return [{ type: 'lb.enabled', data: { requestId, host, evidence: enableEvidence(at), pools } }];
  }

  private publish({ data }: Of<'puppet.publish.requested'>): readonly DeploymentInput[] {
    const { host, requestId, servers, versions } = data;
    const script = this.next(host, 'publishes', 'ok');
    if (script === 'lost') return [];
    if (script === 'ok') this.wanted.set(host, versions[0]?.evr ?? '');
    return servers.map((server): DeploymentInput =>
      script === 'ok'
        ? { type: 'puppet.version.published', data: { requestId, host, server } }
        : { type: 'puppet.publish.failed', data: { requestId, host, server, reason: 'disk full' } },
    );
  }

  private run({ data }: Of<'puppet.run.requested'>, at: string): readonly DeploymentInput[] {
    const { host, requestId } = data;
    if (this.disowned.has(requestId)) return [];
    const script = this.next(host, 'runs', 'converges');
    if (script === 'lost') return [];
    this.runsOf.set(requestId, (this.runsOf.get(requestId) ?? 0) + 1);
    const answers = script === 'hangs' ? [] : this.outcome(data, script, at);
    this.journal.set(requestId, [...answers]);
    const started: DeploymentInput = {
      type: 'puppet.run.started',
      data: { requestId, host, startedAt: at },
    };
    return [started, ...answers];
  }

  private outcome(
    run: Of<'puppet.run.requested'>['data'],
    script: Exclude<RunScript, 'lost' | 'hangs'>,
    at: string,
  ): readonly DeploymentInput[] {
    const truth = this.of(run.host);
    const packages = () => run.wanted.map(({ name }) => installed(name, truth.installed));
    const before = packages();
    const ends = (verdict: Parameters<typeof runFinished>[2]['verdict']) =>
      runFinished(run, at, { verdict, before, after: packages() });
    switch (script) {
      case 'busy':
      case 'disabled':
        return [ends({ kind: 'not-run', why: script, detail: 'as its script says' })];
      case 'server-unreachable':
        return [ends({ kind: 'failed', why: script, detail: '503' })];
      case 'fails':
        truth.broken = true;
        return [ends({ kind: 'failed', why: 'resources-failed', detail: 'Package[shop]' })];
      case 'interrupted':
        truth.broken = true;
        return [ends({ kind: 'not-run', why: 'interrupted', detail: 'power' })];
      case 'lies':
        return [ends({ kind: 'converged' }), health(run, at, this.isHealthy(run.host))];
      case 'converges':
        truth.installed = this.wanted.get(run.host);
        truth.cameBack = truth.installed !== this.options.to;
        truth.broken = false;
        return [ends({ kind: 'converged' }), health(run, at, this.isHealthy(run.host))];
    }
  }

  private isIn(pool: string, host: string): boolean {
    return this.inService.get(pool)?.has(host) === true;
  }

  private leftWithout(pool: string, host: string): number {
    return [...(this.inService.get(pool) ?? [])].filter((m) => m !== host).length;
  }

  private next<K extends 'runs' | 'drains' | 'enables' | 'publishes'>(
    host: string,
    list: K,
    well: NonNullable<HostScript[K]>[number],
  ): NonNullable<HostScript[K]>[number] {
    const key = `${host} ${list}`;
    const at = this.used.get(key) ?? 0;
    this.used.set(key, at + 1);
    return (this.kind ? undefined : this.script(host)[list]?.[at]) ?? well;
  }

  private of(host: string): Truth {
    const truth = this.truth.get(host);
    if (truth === undefined) throw new Error(`no host ${host}`);
    return truth;
  }

  private script(host: string): HostScript {
    return this.options.scripts?.[host] ?? {};
  }
}
