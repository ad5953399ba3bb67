import { Sha256 } from '@gantry/contracts';
import { canonicalJson } from '../canonical-json.js';
import { plusMs, reached } from '../time.js';
import type { Draft } from './draft.js';
import { failures } from './evolve.js';
import { planOf } from './planner.js';
import { allEnded, anyInFlight, isShownOut, nextHost } from './rollout.js';
import { isInFlight, type DeploymentHost, type Requested, type Rollout } from './state.js';
import { requestDrain, requestPoolSurvey } from './steps.js';
import { attentionKeyOfDeployment, attentionKeyOfHost } from './attention-keys.js';
import { rollbackHosts, startRollback } from './rollback.js';

/** How long hosts and pools may take to answer the planning survey. */
export const SURVEY_MS = 15_000;
/** How long a pool may need to show every host in service at the end. */
export const VERIFY_MS = 30_000;
/** How often pools are read while somebody waits for them. */
export const REREAD_MS = 5_000;

/** What follows from the state as it is now, after every input: plan, start hosts, stop, finish. */
export function advance(draft: Draft): void {
  const state = draft.active();
  if (state === undefined) return;
  switch (state.status) {
    case 'requested':
      plan(draft, state);
      return;
    case 'planned':
    case 'running':
      run(draft, state);
      return;
    case 'paused':
      return;
    case 'verifying':
      finish(draft, state);
      return;
    case 'cancelling':
      if (!anyInFlight(state)) cancelled(draft, state);
      return;
    case 'rolling-back':
      rollBack(draft, state);
      return;
  }
}

function plan(draft: Draft, state: Requested): void {
  const everybody = state.target.hosts.every((h) => state.surveyed[h.host] !== undefined);
  const pools = state.pools !== undefined || state.target.pools.length === 0;
  const late = reached(plusMs(state.surveyAskedAt, SURVEY_MS), draft.now);
  if (!(everybody && pools) && !late) return;
  const unread = pools
    ? []
    : state.target.pools.map((p) => ({
        pool: p.pool,
        reason: 'no answer from lb-controller in time',
      }));
  const made = planOf({ ...state, unreadable: [...state.unreadable, ...unread] });
  const stops = made.findings.filter(
    (f) => f.severity === 'block' || (f.severity === 'confirm' && !state.accept.includes(f.code)),
  );
  if (stops.length > 0) {
    draft.emit('deployment.refused', { findings: made.findings });
    return;
  }
  draft.emit('deployment.planned', {
    planHash: Sha256.parse(draft.meta.sha256(canonicalJson(made))),
    plan: made,
  });
  draft.emit('deployment.started', {});
  for (const host of made.hosts) {
    const reason = skipReason(state, host.host, host.action);
    if (reason !== undefined) draft.emit('deployment.host-skipped', { host: host.host, reason });
  }
  advance(draft);
}

const ALREADY_THERE = 'already at the wanted version';

function skipReason(
  state: Requested,
  host: string,
  action: 'deploy' | 'already-there',
): string | undefined {
  if (action === 'already-there') return ALREADY_THERE;
  const surveyed = state.surveyed[host];
  if (surveyed === undefined) return 'did not answer when the plan was made';
  return surveyed.disabled === null
    ? undefined
    : `Puppet is disabled: ${surveyed.disabled}`.slice(0, 500);
}

function run(draft: Draft, state: Rollout): void {
  const { strategy } = state.target;
  const spent = failures(state).length - state.acceptedFailures;
  if (spent > strategy.failureBudget) {
    overBudget(draft, state);
    return;
  }
  startHosts(draft);
  const after = draft.rollout();
  if (after?.status !== 'running' || !allEnded(after)) return;
  draft.emit('deployment.verifying', {});
  if (after.target.pools.length > 0) requestPoolSurvey(draft);
  advance(draft);
}

/** The failure budget is over the whole deployment: stop and ask, or go back, as the strategy says. */
function overBudget(draft: Draft, state: Rollout): void {
  const failed = failures(state);
  const last = failed.at(-1);
  const what =
    last?.phase.status === 'failed'
      ? `${last.host}, step ${last.phase.step}: ${last.phase.reason}`
      : '';
  const reason = `${failed.length} of ${state.hosts.length} hosts failed, the budget is ${state.target.strategy.failureBudget} (${what})`;
  if (state.target.strategy.onFailure === 'rollback' && rollbackHosts(state).length > 0) {
    startRollback(draft, 'failure-budget', reason);
    advance(draft);
    return;
  }
  draft.emit('deployment.paused', { because: 'failure-budget', reason });
  const { application, environment, evr } = state.target;
  draft.emitBeside('attention.opened', {
    key: attentionKeyOfDeployment(draft.id),
    kind: 'deployment-paused',
    title: `${application} ${evr} in ${environment} stopped`,
    detail: reason,
    todo: 'Roll it back, or resume it to go on with the other hosts, or cancel it.',
    application,
    environment,
    deploymentId: draft.id,
  });
}

/** Starts as many hosts as the window lets through now. */
function startHosts(draft: Draft): void {
  for (;;) {
    const state = draft.rollout();
    if (state === undefined) return;
    const next = nextHost(state, draft.admission, draft.now);
    if (next.kind === 'start') startTurn(draft, state, next.host);
    else {
      if (next.kind === 'read-pools') rereadPools(draft, state);
      return;
    }
  }
}

function rereadPools(draft: Draft, state: Rollout): void {
  if (
    state.poolsAskedAt !== undefined &&
    !reached(plusMs(state.poolsAskedAt, REREAD_MS), draft.now)
  )
    return;
  requestPoolSurvey(draft);
}

/** Begins a host's turn: it is ours from here on, and nobody else's. */
export function startTurn(draft: Draft, state: Rollout, host: DeploymentHost): void {
  draft.emit('deployment.host-reserved', {
    host: host.host,
    direction: state.direction,
    attempt: host.attempts + 1,
    epoch: draft.number(),
  });
  const now = draft.host(host.host);
  if (now?.turn !== undefined) requestDrain(draft, { ...now, turn: now.turn });
}

/** Every turn is over: the pools are read once more, and only what they show counts. */
function finish(draft: Draft, state: Rollout): void {
  const patient = !reached(plusMs(state.since, VERIFY_MS), draft.now);
  if (patient && isReading(draft, state)) return;
  const unseen = state.hosts.filter(
    (h) => h.phase.status === 'done' && h.memberships.length > 0 && isShownOut(h, state.pools),
  );
  if (patient && unseen.length > 0) {
    if (reached(plusMs(state.poolsAt, 1_000), draft.now)) requestPoolSurvey(draft);
    return;
  }
  for (const host of unseen) notSeenIn(draft, state, host);
  declareEnd(draft, state, unseen);
}

/** Whether the last reading asked for is still to come; asks again when it is late. */
function isReading(draft: Draft, state: Rollout): boolean {
  if (state.poolsAskedAt === undefined) return false;
  if (reached(plusMs(state.poolsAskedAt, REREAD_MS), draft.now)) requestPoolSurvey(draft);
  return true;
}

function declareEnd(draft: Draft, state: Rollout, unseen: readonly DeploymentHost[]): void {
  const bad = state.hosts
    .filter((h) => h.phase.status === 'failed' || isMissed(h) || unseen.includes(h))
    .map((h) => h.host);
  const good = state.hosts.some((h) => h.phase.status === 'done' && !unseen.includes(h));
  if (bad.length === 0) draft.emit('deployment.succeeded', {});
  else if (good) draft.emit('deployment.succeeded-with-failures', { failed: bad });
  else draft.emit('deployment.failed', { reason: `no host reached ${state.target.evr}` });
}

/** Skipped although the version was wanted there: a host that had it already is no miss. */
const isMissed = (host: DeploymentHost): boolean =>
  host.phase.status === 'skipped' && host.phase.reason !== ALREADY_THERE;

function notSeenIn(draft: Draft, state: Rollout, host: DeploymentHost): void {
  draft.emitBeside('attention.opened', {
    key: attentionKeyOfHost(host.host),
    kind: 'host-out-of-service',
    title: `${host.host} is not in service although its deployment ended well`,
    detail: `${state.target.application} ${state.target.evr}: the load balancer did not show it in service at the end`,
    todo: 'Look at the host and its health check on the load balancer.',
    host: host.host,
    deploymentId: draft.id,
  });
}

function cancelled(draft: Draft, state: Rollout): void {
  for (const host of state.hosts) {
    if (host.phase.status === 'queued')
      draft.emit('deployment.host-skipped', {
        host: host.host,
        reason: 'cancelled before its turn',
      });
  }
  draft.emit('deployment.cancelled', {});
}

function rollBack(draft: Draft, state: Rollout): void {
  startHosts(draft);
  const after = draft.rollout() ?? state;
  if (!allEnded(after) || after.hosts.some(isInFlight)) return;
  const failed = after.hosts
    .filter((h) => h.phase.status === 'failed' && h.phase.direction === 'back')
    .map((h) => h.host);
  if (failed.length === 0) {
    draft.emit('deployment.rolled-back', {});
    return;
  }
  draft.emit('deployment.rollback-failed', { failed });
  draft.emitBeside('attention.opened', {
    key: attentionKeyOfDeployment(draft.id),
    kind: 'rollback-failed',
    title: `Rolling back ${state.target.application} ${state.target.evr} in ${state.target.environment} failed`,
    detail: `not back: ${failed.join(', ')}`,
    todo: 'Mend these hosts by hand or deploy a good build to them; a rollback is never rolled back.',
    deploymentId: draft.id,
  });
}
