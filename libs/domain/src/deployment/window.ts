import { some } from '../text.js';
import { plusMs, reached } from '../time.js';
import { stoppedItem } from './attention.js';
import type { Draft } from './draft.js';
import { failures } from './evolve.js';
import { rollbackHosts, startRollback } from './rollback.js';
import { allEnded, nextHost } from './rollout.js';
import type { DeploymentHost, Rollout } from './state.js';
import { requestDrain, requestPoolSurvey } from './steps.js';
import { REREAD_MS } from './timing.js';
import { hasWayBack, NO_WAY_BACK } from './turn-round.js';

/** Starts whom the window lets through; stops when the budget is spent or nobody can go on; looks at the pools at the end. */
export function continueForward(draft: Draft): void {
  const state = draft.rollout();
  if (state === undefined) return;
  if (failures(state).length - state.acceptedFailures > state.target.strategy.failureBudget) {
    stop(draft, state, spentBudget(state));
    return;
  }
  const stuck = startHosts(draft);
  const after = draft.rollout();
  if (after === undefined) return;
  if (stuck !== undefined) stop(draft, after, leftOutStop(stuck));
  else if (allEnded(after)) {
    draft.emit('deployment.verifying', {});
    requestPoolSurvey(draft, { anew: true });
  }
}

/** The way back asks nobody: hosts that can never get a place are told as not back, and the rollback ends. */
export function continueBack(draft: Draft): void {
  if (startHosts(draft) === undefined) return;
  for (const host of draft.rollout()?.hosts ?? []) {
    if (host.phase.status === 'queued')
      failUnturned(draft, host, 'no place in its pool for the way back');
  }
}

/** Starts as many hosts as the window lets through now; when stuck, answers with the hosts left out. */
function startHosts(draft: Draft): readonly DeploymentHost[] | undefined {
  for (;;) {
    const state = draft.rollout();
    if (state === undefined) return undefined;
    const next = nextHost(state, draft.admission, draft.meta);
    switch (next.kind) {
      case 'start':
        startTurn(draft, state, next.host);
        break;
      case 'read-pools':
        rereadPools(draft, state);
        return undefined;
      case 'wait':
        return undefined;
      case 'stuck':
        return next.leftOut;
    }
  }
}

function rereadPools(draft: Draft, { poolsAsked }: Rollout): void {
  if (poolsAsked === undefined || reached(plusMs(poolsAsked.askedAt, REREAD_MS), draft.now))
    requestPoolSurvey(draft);
}

/** Begins a host's turn: it is ours from here on, and nobody else's. Nobody leaves service for a way back that is not there. */
function startTurn(draft: Draft, state: Rollout, host: DeploymentHost): void {
  if (state.direction === 'back' && !hasWayBack(draft, host)) {
    failUnturned(draft, host, NO_WAY_BACK);
    return;
  }
  draft.emit('deployment.host-reserved', {
    host: host.host,
    direction: state.direction,
    attempt: host.attempts + 1,
    epoch: draft.number(),
  });
  const now = draft.inFlight(host.host);
  if (now !== undefined) requestDrain(draft, now);
}

function failUnturned(draft: Draft, { host, out }: DeploymentHost, reason: string): void {
  const end = { host, reason, direction: 'back', step: 'reserve', class: 'broken' } as const;
  draft.emit('deployment.host-failed', { ...end, outOfService: out });
}

/** Stop and ask, or go back, as the strategy says. */
function stop(draft: Draft, state: Rollout, reason: string): void {
  if (state.target.strategy.onFailure === 'rollback' && rollbackHosts(state).length > 0) {
    startRollback(draft, 'failure-budget', reason);
    return;
  }
  draft.emit('deployment.paused', { because: 'failure-budget', reason });
  draft.emitBeside('attention.opened', stoppedItem(draft.id, state.target, reason));
}

/** The failure budget is over the whole deployment, not per batch. */
function spentBudget(state: Rollout): string {
  const failed = failures(state);
  const last = failed.at(-1);
  const what =
    last?.phase.status === 'failed'
      ? ` (${last.host}, step ${last.phase.step}: ${last.phase.reason.slice(0, 1_000)})`
      : '';
  return `${failed.length} of ${state.hosts.length} hosts failed, the budget is ${state.target.strategy.failureBudget}${what}`;
}

const leftOutStop = (hosts: readonly DeploymentHost[]): string =>
  `no further host may leave service while these are out: ${some(hosts.map((h) => h.host))}`;
