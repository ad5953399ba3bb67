import type {
  DataOf,
  PuppetRunFinished,
  PuppetRunStarted,
  PuppetRunStatus,
  PuppetRunWaiting,
  RefreshId,
  RequestId,
  RequestRefresh,
} from '@gantry/contracts';
import { ignored, refused, type Decision, type Meta } from '../decision.js';
import type { Admission } from '../deployment/admission.js';
import { earliest, plusMs, reached } from '../time.js';
import { evolveRefresh, type RefreshFact, type RefreshHost, type RefreshState } from './state.js';

/** Everything that can reach a refresh. */
export type RefreshInput =
  | {
      readonly type: 'refresh.request';
      readonly data: DataOf<typeof RequestRefresh>;
      readonly knownHosts: ReadonlySet<string>;
    }
  | { readonly type: 'puppet.run.waiting'; readonly data: DataOf<typeof PuppetRunWaiting> }
  | { readonly type: 'puppet.run.started'; readonly data: DataOf<typeof PuppetRunStarted> }
  | { readonly type: 'puppet.run.finished'; readonly data: DataOf<typeof PuppetRunFinished> }
  | { readonly type: 'puppet.run.status'; readonly data: DataOf<typeof PuppetRunStatus> }
  | { readonly type: 'tick' };

const RUN_TIMEOUT_MS = 1_800_000;
const WAIT_FOR_LOCK_MS = 300_000;
const EXPIRES_MS = 60_000;
const ASK_AGAIN_MS = 20_000;
const MAX_ASKS = 8;
const CLAIM_RETRY_MS = 5_000;

class RefreshDraft {
  readonly facts: RefreshFact[] = [];
  private numbers = 0;
  constructor(
    readonly id: RefreshId,
    public state: RefreshState,
    readonly meta: Meta,
    readonly admission: Admission,
  ) {}
  number(): number {
    return this.meta.fence + this.numbers++;
  }
  emit<T extends RefreshFact['type']>(
    type: T,
    data: Extract<RefreshFact, { type: T }>['data'],
  ): void {
    const fact = { type, data, at: this.meta.now } as Extract<RefreshFact, { type: T }>;
    this.facts.push(fact);
    this.state = evolveRefresh(this.state, fact);
  }
}

/** The decision on one input to a refresh. Pure. */
export function decideRefresh(
  input: RefreshInput,
  state: RefreshState,
  context: { readonly id: RefreshId; readonly meta: Meta; readonly admission: Admission },
): Decision<RefreshFact> {
  const draft = new RefreshDraft(context.id, state, context.meta, context.admission);
  const answer = take(draft, input);
  if (answer !== undefined) return answer;
  advanceRefresh(draft);
  if (draft.facts.length === 0) return ignored('nothing follows from it now');
  return { outcome: 'accepted', events: draft.facts, also: [] };
}

function take(draft: RefreshDraft, input: RefreshInput): Decision<RefreshFact> | undefined {
  switch (input.type) {
    case 'refresh.request':
      return request(draft, input);
    case 'tick':
      for (const host of running(draft.state)) late(draft, host);
      return undefined;
    case 'puppet.run.waiting':
      return ignored('the run waits; its result will come');
    case 'puppet.run.started':
    case 'puppet.run.finished':
    case 'puppet.run.status':
      return observed(draft, input);
  }
}

function request(
  draft: RefreshDraft,
  { data, knownHosts }: Extract<RefreshInput, { type: 'refresh.request' }>,
): Decision<RefreshFact> | undefined {
  if (draft.state.status !== 'none') {
    return refused(
      'conflict',
      'refresh-exists',
      `refresh ${draft.id} exists already`,
      'Use a new Idempotency-Key for a new refresh.',
    );
  }
  const unknown = data.hosts.filter((h) => !knownHosts.has(h));
  if (unknown.length > 0) {
    return refused(
      'not-found',
      'unknown-host',
      `not in the fleet file: ${unknown.slice(0, 10).join(', ')}`,
      'Look at the hosts list: gantry hosts.',
    );
  }
  const { noop, reason, concurrency } = data;
  draft.emit('refresh.requested', { hosts: [...new Set(data.hosts)], noop, reason, concurrency });
  return undefined;
}

function observed(
  draft: RefreshDraft,
  input: Extract<
    RefreshInput,
    { type: 'puppet.run.started' | 'puppet.run.finished' | 'puppet.run.status' }
  >,
): Decision<RefreshFact> | undefined {
  const id = input.type === 'puppet.run.status' ? input.data.commandId : input.data.requestId;
  const host = running(draft.state).find((h) => h.host === input.data.host && h.requestId === id);
  if (host === undefined) return ignored(`${input.data.host} does not wait for this`);
  switch (input.type) {
    case 'puppet.run.started':
      if (host.startedAt !== undefined) return ignored('its start is known already');
      draft.emit('refresh.host-run-started', input.data);
      return undefined;
    case 'puppet.run.finished':
      draft.emit('refresh.host-run-finished', input.data);
      return undefined;
    case 'puppet.run.status':
      if (
        input.data.state === 'never-seen' &&
        reached(plusMs(host.askedAt, EXPIRES_MS), draft.meta.now)
      ) {
        draft.emit('refresh.host-failed', {
          host: host.host,
          reason: 'the command expired before the host saw it',
        });
      }
      return undefined;
  }
}

/** The host's journal is asked when its answer is late; silence to the end is a failure of its own kind. */
function late(draft: RefreshDraft, host: RefreshHost): void {
  if (host.requestId === undefined || !reached(deadlineOf(host), draft.meta.now)) return;
  if (host.asks >= MAX_ASKS) {
    draft.emit('refresh.host-failed', {
      host: host.host,
      reason: `no answer, asked ${MAX_ASKS} times: unreachable`,
    });
    return;
  }
  draft.emit('puppet.query.requested', {
    requestId: `${host.requestId}q${host.asks + 1}` as RequestId,
    commandId: host.requestId,
    host: host.host,
    epoch: host.epoch,
    seq: draft.number(),
  });
}

const deadlineOf = (host: RefreshHost): string =>
  host.startedAt === undefined || host.asks > 0
    ? plusMs(host.askedAt, ASK_AGAIN_MS * (host.asks + 1))
    : plusMs(host.startedAt, RUN_TIMEOUT_MS + WAIT_FOR_LOCK_MS);

/** Starts as many hosts as may run at once; a host that somebody else owns waits. */
function advanceRefresh(draft: RefreshDraft): void {
  const { state } = draft;
  if (state.status !== 'running') return;
  const free = state.concurrency - running(state).length;
  const ready = state.hosts.filter(
    (h) => h.status === 'queued' && !draft.admission.claimed.has(h.host),
  );
  for (const host of ready.slice(0, Math.max(0, free))) start(draft, host, state.noop);
  if (
    draft.state.status !== 'running' ||
    draft.state.hosts.some((h) => h.status === 'queued' || h.status === 'running')
  )
    return;
  draft.emit('refresh.completed', {
    failed: draft.state.hosts.filter((h) => h.status === 'failed').map((h) => h.host),
  });
}

function start(draft: RefreshDraft, host: RefreshHost, noop: boolean): void {
  const epoch = draft.number();
  draft.emit('refresh.host-reserved', { host: host.host, epoch });
  const index =
    draft.state.status === 'running' ? draft.state.hosts.findIndex((h) => h.host === host.host) : 0;
  draft.emit('puppet.run.requested', {
    requestId: `${draft.id}-${index}-1p1` as RequestId,
    host: host.host,
    epoch,
    seq: draft.number(),
    noop,
    wanted: [],
    health: null,
    runTimeoutMs: RUN_TIMEOUT_MS,
    waitForLockMs: WAIT_FOR_LOCK_MS,
    expiresInMs: EXPIRES_MS,
  });
}

const running = (state: RefreshState): readonly RefreshHost[] =>
  state.status === 'running' ? state.hosts.filter((h) => h.status === 'running') : [];

/** When the refresh wants to be looked at again if nothing else happens. */
export function refreshWakeUpAt(state: RefreshState, now: string): string | undefined {
  if (state.status !== 'running') return undefined;
  const waiting = state.hosts.some((h) => h.status === 'queued')
    ? plusMs(now, CLAIM_RETRY_MS)
    : undefined;
  return earliest([...running(state).map(deadlineOf), waiting]);
}
