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
import { some } from '../text.js';
import { mayBeLost, reached } from '../time.js';
import {
  EXPIRES_MS,
  MAX_ASKS,
  RUN_TIMEOUT_MS,
  runDeadline,
  WAIT_FOR_LOCK_MS,
} from './deadlines.js';
import { RefreshDraft } from './draft.js';
import type { RefreshFact } from './facts.js';
import type { RefreshHost, RefreshState } from './state.js';

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

type Answer<T extends RefreshInput['type']> = Extract<RefreshInput, { type: T }>;

/** The decision on one input to a refresh. Pure. */
export function decideRefresh(
  input: RefreshInput,
  state: RefreshState,
  context: { readonly id: RefreshId; readonly meta: Meta; readonly admission: Admission },
): Decision<RefreshFact> {
  const draft = new RefreshDraft(context.id, state, context.meta, context.admission);
  const answer = take(draft, input);
  if (answer !== undefined) return answer;
  advance(draft);
  if (draft.facts.length === 0) return ignored('nothing follows from it now');
  return { outcome: 'accepted', events: draft.facts, also: [] };
}

function take(draft: RefreshDraft, input: RefreshInput): Decision<RefreshFact> | undefined {
  switch (input.type) {
    case 'refresh.request':
      return request(draft, input);
    case 'tick':
      for (const host of draft.running()) late(draft, host);
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
  { data, knownHosts }: Answer<'refresh.request'>,
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
      `not in the fleet file: ${some(unknown)}`,
      'Look at the hosts list: gantry hosts.',
    );
  }
  const { noop, reason, concurrency } = data;
  draft.emit('refresh.requested', { hosts: [...new Set(data.hosts)], noop, reason, concurrency });
  return undefined;
}

function observed(
  draft: RefreshDraft,
  input: Answer<'puppet.run.started' | 'puppet.run.finished' | 'puppet.run.status'>,
): Decision<RefreshFact> | undefined {
  const id = input.type === 'puppet.run.status' ? input.data.commandId : input.data.requestId;
  const host = draft.running().find((h) => h.host === input.data.host && h.requestId === id);
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
      journalSays(draft, host, id, input.data.state);
      return undefined;
  }
}

/** A host that says it never saw a command refuses it from then on: only so is it known not to run any more. */
function journalSays(
  draft: RefreshDraft,
  { host, startedAt }: RefreshHost,
  requestId: RequestId,
  state: Answer<'puppet.run.status'>['data']['state'],
): void {
  if (state !== 'never-seen') {
    if (startedAt === undefined)
      draft.emit('refresh.host-run-started', { host, requestId, startedAt: draft.meta.now });
    return;
  }
  const reason = 'the host never saw its command, and refuses it should it still come';
  draft.emit('refresh.host-failed', { host, reason });
}

/** The host's journal is asked when its answer is late; silence to the end is a failure of its own kind. */
function late(draft: RefreshDraft, host: RefreshHost): void {
  if (host.requestId === undefined || !reached(runDeadline(host), draft.meta.now)) return;
  if (host.asks >= MAX_ASKS && !mayBeLost(host.askedAt, draft.meta.heardSince)) {
    const reason = `no answer, asked ${MAX_ASKS} times: unreachable`;
    draft.emit('refresh.host-failed', { host: host.host, reason });
    return;
  }
  draft.emit('puppet.query.requested', {
    requestId: `${host.requestId}q${host.queries + 1}` as RequestId,
    commandId: host.requestId,
    host: host.host,
    epoch: host.epoch,
    seq: draft.number(),
  });
}

/** Starts as many hosts as may run at once; a host that somebody else owns waits. */
function advance(draft: RefreshDraft): void {
  const { state } = draft;
  if (state.status !== 'running') return;
  const free = Math.max(0, state.concurrency - draft.running().length);
  const ready = state.hosts
    .map((host, index) => ({ host, index }))
    .filter(({ host }) => host.status === 'queued' && !draft.admission.claimed.has(host.host));
  for (const { host, index } of ready.slice(0, free)) start(draft, host, index);
  complete(draft);
}

function complete(draft: RefreshDraft): void {
  const { state } = draft;
  if (state.status !== 'running') return;
  if (state.hosts.some((h) => h.status === 'queued' || h.status === 'running')) return;
  const failed = state.hosts.filter((h) => h.status === 'failed').map((h) => h.host);
  draft.emit('refresh.completed', { failed });
}

function start(draft: RefreshDraft, { host }: RefreshHost, index: number): void {
  const { state } = draft;
  if (state.status !== 'running') return;
  const epoch = draft.number();
  draft.emit('refresh.host-reserved', { host, epoch });
  draft.emit('puppet.run.requested', {
    requestId: `${draft.id}-${index}-1p1` as RequestId,
    host,
    epoch,
    seq: draft.number(),
    noop: state.noop,
    wanted: [],
    health: null,
    runTimeoutMs: RUN_TIMEOUT_MS,
    waitForLockMs: WAIT_FOR_LOCK_MS,
    expiresInMs: EXPIRES_MS,
  });
}
