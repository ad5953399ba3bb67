import { createHash } from 'node:crypto';
import {
  ActorId,
  definitionOf,
  Evr,
  ReleaseId,
  Sha256,
  DeploymentId,
  type HostAction,
  type RolloutLimits,
} from '@gantry/contracts';
import {
  decide,
  evolve,
  initialDeployment,
  isActive,
  noAdmission,
  wakeUpAt,
  type Admission,
  type ApprovalContext,
  type Decision,
  type DeploymentFact,
  type DeploymentInput,
  type DeploymentState,
  type RequestContext,
  type SideFact,
} from '../src/index.js';
import { ModelFleet, type HostScript, type Request } from './model-fleet.js';
import { commandOf, contextOf, targetOf, type TargetOptions } from './target.js';

/** What people may do to a deployment. */
export const ACTIONS = ['pause', 'resume', 'cancel', 'rollback'] as const;
export type Action = (typeof ACTIONS)[number];

export interface WorldOptions {
  readonly hosts?: number;
  readonly from?: string;
  readonly to?: string;
  readonly scripts?: Readonly<Record<string, HostScript>>;
  readonly strategy?: TargetOptions['strategy'];
  readonly servers?: TargetOptions['servers'];
  readonly approval?: TargetOptions['approval'];
  readonly content?: TargetOptions['content'];
  /** Pools in which every host is a member. */
  readonly pools?: readonly string[];
  /** Members of the pools that are not ours. */
  readonly foreign?: number;
  readonly guarded?: boolean;
}

const SOME_ID = DeploymentId.parse('0192f5a0-0000-7000-8000-000000000001');
const START = Date.parse('2026-01-01T00:00:00.000Z');

/**
 * One deployment and everything around it: gives inputs to the real decider, keeps its facts as the log would, lets the
 * model fleet carry out what was asked, and holds the answers until they are delivered.
 */
export class World {
  state: DeploymentState = initialDeployment;
  readonly facts: DeploymentFact[] = [];
  readonly also: SideFact[] = [];
  readonly fleet: ModelFleet;
  readonly target: RequestContext['target'] & object;
  /** Requests that the world has not seen yet, and answers that we have not. */
  readonly requests: Request[] = [];
  readonly answers: DeploymentInput[] = [];
  nowMs = START;
  admission: Admission = noAdmission;
  /** When messages began to travel again; undefined = they always did. */
  heardSince: string | undefined;
  private fence = 10_000;
  private readonly items = new Set<string>();

  constructor(
    options: WorldOptions = {},
    readonly id = SOME_ID,
  ) {
    const { from = '1.0.0-1', to = '1.1.0-1', pools = ['shop'], foreign = 0 } = options;
    const hosts = Array.from({ length: options.hosts ?? 4 }, (_, i) => `web${i + 1}.lab`);
    this.fleet = new ModelFleet({ ...options, hosts, pools, foreign, from, to });
    this.target = targetOf({
      ...asWritten(options),
      hosts,
      to,
      pools: pools.map((pool) => ({ pool, size: hosts.length + foreign })),
    });
  }

  get now(): string {
    return new Date(this.nowMs).toISOString();
  }

  /** Gives one input to the decider; what it decides is recorded as the log would record it. */
  give(input: DeploymentInput): Decision<DeploymentFact> {
    this.fence += 10_000;
    // No two transactions of one stream commit in the same millisecond.
    this.nowMs += 1;
    const { id, admission, heardSince } = this;
    const meta = {
      now: this.now,
      fence: this.fence,
      sha256,
      ...(heardSince !== undefined && { heardSince }),
    };
    const decision = decide(input, this.state, { id, meta, admission });
    if (decision.outcome !== 'accepted') return decision;
    for (const fact of decision.events) {
      this.facts.push(written(fact));
      this.state = evolve(this.state, fact);
      if (isRequest(fact)) this.requests.push(fact);
    }
    for (const fact of decision.also) {
      this.also.push(written(fact));
      if (fact.type === 'attention.opened') this.items.add(fact.data.key);
      if (fact.type === 'attention.closed') this.items.delete(fact.data.key);
    }
    return decision;
  }

  request(
    context: Partial<RequestContext> = {},
    data: Partial<ReturnType<typeof commandOf>> = {},
  ): Decision<DeploymentFact> {
    return this.give({
      type: 'deployment.request',
      data: { ...commandOf(this.target, this.id), ...data },
      context: { ...contextOf(this.target), ...context },
    });
  }

  command(action: Action): Decision<DeploymentFact> {
    return this.give({ type: `deployment.${action}`, data: { reason: 'because' } });
  }

  /** Somebody agrees to the plan that stands, or to the one named; or does not. */
  approval(
    decision: 'approve' | 'reject',
    by: string,
    said: { readonly planHash?: string } & Partial<Omit<ApprovalContext, 'by'>> = {},
  ): Decision<DeploymentFact> {
    const { planHash = this.planHash, members, builds = [], heldBack } = said;
    return this.give({
      type: `deployment.${decision}`,
      data: { planHash: Sha256.parse(planHash), reason: 'because' },
      context: { by: ActorId.parse(by), members, builds, heldBack },
    });
  }

  /** Its release goes no further. */
  withdraw(because: 'superseded' | 'stopped'): Decision<DeploymentFact> {
    const newer = { by: ReleaseId.parse(SOME_ID), evr: Evr.parse('9.0.0-1') };
    const data = because === 'superseded' ? { because, ...newer } : { because };
    return this.give({ type: 'deployment.withdraw', data });
  }

  /** The hash of the plan that was made last. */
  get planHash(): string {
    return this.of('deployment.planned').at(-1)?.data.planHash ?? '0'.repeat(64);
  }

  /** A person skips a host, or gives it another turn. */
  onHost(action: HostAction, host: string): Decision<DeploymentFact> {
    return this.give({ type: `deployment.${action}-host`, data: { host, reason: 'because' } });
  }

  /** A person changes how many may be out, or how many failures are put up with. */
  limits(limits: RolloutLimits): Decision<DeploymentFact> {
    return this.give({ type: 'deployment.change-limits', data: { ...limits, reason: 'because' } });
  }

  /** Lets the world carry out the oldest request; its answers are on their way then. */
  carryOut(index = 0): boolean {
    const [request] = this.requests.splice(index, 1);
    if (request === undefined) return false;
    this.answers.push(...this.fleet.carryOut(request, this.now));
    return true;
  }

  /** Delivers one answer. */
  deliver(index = 0): boolean {
    const [answer] = this.answers.splice(index, 1);
    if (answer === undefined) return false;
    this.give(answer);
    return true;
  }

  /** Lets time pass until the deployment wants to be woken, and wakes it. */
  passTime(): boolean {
    const due = wakeUpAt(this.state, this.now);
    if (due === undefined) return false;
    this.nowMs = Math.max(this.nowMs + 1, Date.parse(due));
    this.give({ type: 'tick' });
    return true;
  }

  /** No message travels for so long: what was under way is lost, and nobody is woken. */
  outage(ms: number): void {
    this.requests.length = 0;
    this.answers.length = 0;
    this.nowMs += ms;
    this.heardSince = this.now;
  }

  /** One thing happens, in the order in which it came; time passes only when nothing else does. */
  step(): boolean {
    return this.deliver() || this.carryOut() || this.passTime();
  }

  /** Runs until the deployment ends or waits for a person. */
  settle(limit = 5_000): string {
    for (let i = 0; i < limit && this.step(); i++);
    return this.state.status;
  }

  /** Runs until this holds. */
  until(holds: () => boolean, limit = 5_000): void {
    for (let i = 0; !holds(); i++) {
      if (i >= limit || !this.step()) throw new Error(`never came to it: ${this.state.status}`);
    }
  }

  of<T extends DeploymentFact['type']>(type: T): Extract<DeploymentFact, { type: T }>[] {
    return this.facts.filter((f): f is Extract<DeploymentFact, { type: T }> => f.type === type);
  }

  count(type: DeploymentFact['type']): number {
    return this.of(type).length;
  }

  phase(host: string): string | undefined {
    if (!('hosts' in this.state)) return undefined;
    return this.state.hosts.find((h) => h.host === host)?.phase.status;
  }

  /** Keys of the attention items that are open. */
  get open(): readonly string[] {
    return [...this.items];
  }

  get ended(): boolean {
    return this.state.status !== 'none' && !isActive(this.state);
  }

  installed(): (string | undefined)[] {
    return [...this.fleet.truth.values()].map((h) => h.installed);
  }

  outOfService(): string[] {
    return [...this.fleet.truth.keys()].filter((host) => this.fleet.isOut(host));
  }
}

/** What of the target the options say. */
const asWritten = ({
  strategy,
  servers,
  approval,
  content,
}: WorldOptions): Pick<TargetOptions, 'strategy' | 'servers' | 'approval' | 'content'> => ({
  content,
  ...(strategy && { strategy }),
  ...(servers && { servers }),
  ...(approval && { approval }),
});

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Only what the contracts allow can be written; anything else would stop a deployment for good. */
function written<F extends DeploymentFact | SideFact>(fact: F): F {
  const checked = definitionOf(fact.type)?.strict.safeParse(fact.data);
  if (checked?.success !== true)
    throw new Error(`${fact.type} cannot be written: ${String(checked?.error)}`);
  return fact;
}

const isRequest = (fact: DeploymentFact): fact is Request =>
  fact.type.startsWith('lb.') || fact.type.startsWith('puppet.');
