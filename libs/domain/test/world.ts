import { createHash } from 'node:crypto';
import type { DeploymentTarget, PoolSnapshot } from '@gantry/contracts';
import {
  decide,
  evolve,
  initialDeployment,
  noAdmission,
  wakeUpAt,
  type Admission,
  type Decision,
  type DeploymentFact,
  type DeploymentInput,
  type DeploymentState,
  type RequestContext,
  type SideFact,
} from '../src/index.js';

export const DEPLOYMENT = '0192f5a0-0000-7000-8000-000000000001' as never;

type Request = Extract<DeploymentFact, { type: `${string}.requested` }>;

/** How one host of the world behaves. */
export interface HostScript {
  readonly run?: 'converges' | 'fails' | 'server-unreachable-once' | 'silent' | 'disabled';
  readonly healthy?: boolean;
  readonly drain?: 'ok' | 'timeout' | 'silent';
  readonly answersSurvey?: boolean;
}

export interface WorldOptions {
  readonly hosts?: number;
  readonly from?: string;
  readonly to?: string;
  readonly scripts?: Readonly<Record<string, HostScript>>;
  readonly strategy?: Partial<DeploymentTarget['strategy']>;
  readonly pooled?: boolean;
}

interface HostTruth {
  installed: string;
  inService: boolean;
  tries: number;
}

/**
 * A small model of everything around one deployment, with its own memory of what is true: hosts with an installed version,
 * a pool whose members are in or out, Puppet that does as its script says. Drives the real decider; keeps no log of its own.
 */
export class World {
  state: DeploymentState = initialDeployment;
  readonly facts: DeploymentFact[] = [];
  readonly also: SideFact[] = [];
  readonly hosts: Map<string, HostTruth>;
  readonly target: DeploymentTarget;
  /** Requests that went out and were not answered yet. */
  pending: Request[] = [];
  nowMs = Date.parse('2026-01-01T00:00:00.000Z');
  lowestInService: number;
  runsPerCommand = new Map<string, number>();
  private fence = 10_000;
  private wanted = new Map<string, string>();

  constructor(private readonly options: WorldOptions = {}) {
    const names = Array.from({ length: options.hosts ?? 4 }, (_, i) => `web${i + 1}.lab`);
    this.hosts = new Map(
      names.map((n) => [n, { installed: options.from ?? '1.0.0-1', inService: true, tries: 0 }]),
    );
    this.lowestInService = names.length;
    const pooled = options.pooled ?? true;
    const membership = (host: string) => ({
      pool: 'shop',
      device: 'lb',
      backend: 'shop',
      member: host,
    });
    this.target = {
      application: 'shop',
      environment: 'production',
      evr: options.to ?? '1.1.0-1',
      packages: [
        {
          name: 'shop',
          hieraKey: 'profile::shop::version',
          evr: options.to ?? '1.1.0-1',
          sha256: 'a'.repeat(64),
        },
      ],
      health: {
        url: 'http://127.0.0.1:8080/health',
        expectStatus: 200,
        intervalMs: 100,
        timeoutMs: 500,
        goodInRow: 3,
        deadlineMs: 5_000,
      },
      strategy: {
        canary: { hosts: 1, bakeMs: 0 },
        maxOutOfService: 1,
        maxUnavailablePercent: 50,
        minPercent: 50,
        absoluteMin: 1,
        failureBudget: 0,
        onFailure: 'pause',
        drain: { timeoutMs: 10_000, maxConnections: 0, onTimeout: 'fail' },
        enableTimeoutMs: 10_000,
        run: { timeoutMs: 60_000, waitForLockMs: 10_000 },
        ...options.strategy,
      },
      hosts: names.map((host) => ({ host, memberships: pooled ? [membership(host)] : [] })),
      pools: pooled ? [{ pool: 'shop', device: 'lb', backend: 'shop', size: names.length }] : [],
      puppetServers: [{ server: 'puppet.lab', maxConcurrentRuns: 50 }],
    } as unknown as DeploymentTarget;
  }

  get now(): string {
    return new Date(this.nowMs).toISOString();
  }

  give(input: DeploymentInput, admission: Admission = noAdmission): Decision<DeploymentFact> {
    this.fence += 10_000;
    const meta = {
      now: this.now,
      fence: this.fence,
      sha256: (t: string) => createHash('sha256').update(t).digest('hex'),
    };
    const decision = decide(input, this.state, { id: DEPLOYMENT, meta, admission });
    if (decision.outcome === 'accepted') {
      for (const fact of decision.events) {
        this.facts.push(fact);
        this.state = evolve(this.state, fact);
        if (isRequest(fact)) this.pending.push(fact);
      }
      this.also.push(...decision.also);
    }
    return decision;
  }

  request(
    over: Partial<RequestContext> = {},
    data: Record<string, unknown> = {},
  ): Decision<DeploymentFact> {
    const { application, environment, evr } = this.target;
    const context: RequestContext = {
      applications: [application],
      environments: [environment],
      placedApplications: [application],
      target: this.target,
      builds: [{ name: 'shop', evr, state: 'deployable', note: '' }],
      confirmByName: false,
      activeDeployment: undefined,
      ...over,
    };
    return this.give({
      type: 'deployment.request',
      data: {
        deploymentId: DEPLOYMENT,
        application,
        environment,
        evr,
        reason: 'test',
        accept: [],
        ...data,
      } as never,
      context,
    });
  }

  command(action: 'pause' | 'resume' | 'cancel' | 'rollback'): Decision<DeploymentFact> {
    return this.give({ type: `deployment.${action}`, data: { reason: 'because' } });
  }

  /** Answers the oldest pending request; false when there is none. */
  answerNext(index = 0): boolean {
    const [request] = this.pending.splice(index, 1);
    if (request === undefined) return false;
    for (const answer of this.answersTo(request)) this.give(answer);
    return true;
  }

  /** Lets time pass until the deployment wants to be woken, and ticks it. */
  passTime(): boolean {
    const due = wakeUpAt(this.state, this.now);
    if (due === undefined) return false;
    this.nowMs = Math.max(this.nowMs + 1, Date.parse(due));
    this.give({ type: 'tick' });
    return true;
  }

  /** Runs until the deployment ends or waits for a person. */
  settle(limit = 5_000): string {
    for (let i = 0; i < limit; i++) {
      if (this.answerNext()) continue;
      if (!this.passTime()) break;
    }
    return this.state.status;
  }

  snapshot(): PoolSnapshot {
    return {
      pool: 'shop',
      device: 'lb',
      epoch: '1',
      readAt: this.now,
      members: [...this.hosts].map(([member, h]) => ({
        member,
        admin: h.inService ? 'in' : 'off',
        monitor: 'up',
        inService: h.inService,
        connections: 0,
      })),
    } as unknown as PoolSnapshot;
  }

  /** What the world does and answers when it gets the request; nothing when it is silent. */
  answersTo(request: Request): DeploymentInput[] {
    switch (request.type) {
      case 'puppet.survey.requested':
        return request.data.hosts
          .filter((h) => this.scriptOf(h).answersSurvey ?? true)
          .map(
            (host) =>
              ({
                type: 'puppet.host.surveyed',
                data: { requestId: request.data.requestId, host, ...this.factsOf(host) },
              }) as DeploymentInput,
          );
      case 'lb.survey.requested':
        return [
          {
            type: 'lb.pools.surveyed',
            data: { requestId: request.data.requestId, pools: [this.snapshot()], unreadable: [] },
          },
        ];
      case 'lb.drain.requested':
        return this.drain(request);
      case 'puppet.publish.requested':
        this.wanted.set(request.data.host, request.data.versions[0]?.evr ?? '');
        return request.data.servers.map((server) => ({
          type: 'puppet.version.published',
          data: { requestId: request.data.requestId, host: request.data.host, server },
        }));
      case 'puppet.run.requested':
        return this.run(request);
      case 'puppet.query.requested':
        return [
          {
            type: 'puppet.run.status',
            data: {
              requestId: request.data.requestId,
              host: request.data.host,
              commandId: request.data.commandId,
              state: 'never-seen',
            },
          },
        ];
      case 'lb.enable.requested': {
        const truth = this.truthOf(request.data.host);
        truth.inService = true;
        const evidence = { checks: '3 good', reads: 2, waitedMs: 10, inServiceAt: this.now };
        return [
          {
            type: 'lb.enabled',
            data: {
              requestId: request.data.requestId,
              host: request.data.host,
              evidence,
              pools: [this.snapshot()],
            },
          },
        ];
      }
      default:
        return [];
    }
  }

  private drain(request: Extract<Request, { type: 'lb.drain.requested' }>): DeploymentInput[] {
    const { host, requestId, memberships } = request.data;
    const script = this.scriptOf(host).drain ?? 'ok';
    if (script === 'silent') return [];
    const truth = this.truthOf(host);
    const up = [...this.hosts.values()].filter((h) => h.inService).length;
    if (truth.inService && up - 1 < (memberships[0]?.minInService ?? 0)) {
      return [
        {
          type: 'lb.drain.failed',
          data: {
            requestId,
            host,
            kind: 'capacity',
            reason: 'too few',
            restored: true,
            pools: [this.snapshot()],
          },
        },
      ];
    }
    if (script === 'timeout') {
      return [
        {
          type: 'lb.drain.failed',
          data: {
            requestId,
            host,
            kind: 'timeout',
            reason: 'busy',
            restored: true,
            pools: [this.snapshot()],
          },
        },
      ];
    }
    truth.inService = false;
    this.lowestInService = Math.min(this.lowestInService, up - 1);
    const evidence = {
      end: 'idle' as const,
      connectionsAtEnd: 0,
      reads: 2,
      waitedMs: 5,
      drainedAt: this.now,
    };
    return [{ type: 'lb.drained', data: { requestId, host, evidence, pools: [this.snapshot()] } }];
  }

  private run(request: Extract<Request, { type: 'puppet.run.requested' }>): DeploymentInput[] {
    const { host, requestId } = request.data;
    const truth = this.truthOf(host);
    this.runsPerCommand.set(requestId, (this.runsPerCommand.get(requestId) ?? 0) + 1);
    const before = truth.installed;
    const back = this.wanted.get(host) !== this.target.evr;
    const script = back ? 'converges' : (this.scriptOf(host).run ?? 'converges');
    truth.tries++;
    if (script === 'silent') return [];
    const finished = (verdict: unknown, after: string): DeploymentInput =>
      ({
        type: 'puppet.run.finished',
        data: {
          requestId,
          host,
          verdict,
          exitCode: 2,
          report: report(requestId, this.now),
          before: installed(before),
          after: installed(after),
          startedAt: this.now,
          finishedAt: this.now,
        },
      }) as DeploymentInput;
    if (script === 'disabled')
      return [finished({ kind: 'not-run', why: 'disabled', detail: 'hands off' }, before)];
    if (script === 'fails')
      return [
        finished({ kind: 'failed', why: 'resources-failed', detail: 'Package[shop]' }, before),
      ];
    if (script === 'server-unreachable-once' && truth.tries === 1) {
      return [finished({ kind: 'failed', why: 'server-unreachable', detail: '503' }, before)];
    }
    truth.installed = this.wanted.get(host) ?? before;
    const healthy = back || (this.scriptOf(host).healthy ?? true);
    return [
      finished({ kind: 'converged' }, truth.installed),
      {
        type: 'puppet.health.observed',
        data: {
          requestId,
          host,
          healthy,
          goodInRow: healthy ? 3 : 0,
          attempts: 3,
          lastStatus: healthy ? 200 : 500,
          lastBody: 'x',
          reason: healthy ? '' : 'status 500',
          finishedAt: this.now,
        },
      } as DeploymentInput,
    ];
  }

  private factsOf(host: string): Record<string, unknown> {
    const disabled = this.scriptOf(host).run === 'disabled' ? null : null;
    return {
      installed: installed(this.truthOf(host).installed),
      disabled,
      runningSince: null,
      lastRunAt: null,
      listenerVersion: '1',
      bootId: 'b',
    };
  }

  private truthOf(host: string): HostTruth {
    const truth = this.hosts.get(host);
    if (truth === undefined) throw new Error(`no host ${host}`);
    return truth;
  }

  private scriptOf(host: string): HostScript {
    return this.options.scripts?.[host] ?? {};
  }
}

const isRequest = (fact: DeploymentFact): fact is Request =>
  fact.type.endsWith('.requested') && !fact.type.startsWith('deployment.');

const installed = (evr: string): unknown[] => [{ name: 'shop', evr, nevra: `shop-${evr}.noarch` }];

const report = (jobId: string, at: string): unknown => ({
  jobId,
  status: 'changed',
  completed: true,
  noop: false,
  cachedCatalog: 'not_used',
  configurationVersion: null,
  catalogUuid: null,
  startedAt: at,
  counts: {
    total: 1,
    changed: 1,
    failed: 0,
    failedToRestart: 0,
    skipped: 0,
    outOfSync: 1,
    corrective: 0,
  },
  failures: [],
});
