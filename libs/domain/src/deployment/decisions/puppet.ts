import { reactionToRun, type Reaction } from '../../policy/outcome-table.js';
import { reached, plusMs } from '../../time.js';
import type { Draft } from '../draft.js';
import type { HostObservation } from '../input.js';
import { isOvertaken, leaveForward } from '../rollback.js';
import { requestEnable, requestRun, RUN_EXPIRES_MS, type HostInFlight } from '../steps.js';
import { fail, giveUpUnchanged, react } from '../turn-end.js';
import { current, done } from './service.js';

type Observation<T extends HostObservation['type']> = Extract<HostObservation, { type: T }>;

const PUBLISH_FAILED: Reaction = {
  do: 'retry',
  class: 'static',
  limit: 5,
  baseMs: 2_000,
  then: 'give-up-unchanged',
};
const UNHEALTHY: Reaction = { do: 'stay-out', class: 'broken' };

/** One server has the file; the run is triggered only when every server of the host has it. */
export function onPublished(
  draft: Draft,
  host: HostInFlight,
  { data }: Observation<'puppet.version.published'>,
): void {
  draft.emit('deployment.host-version-published', data);
  const now = current(draft, host);
  const servers = draft.rollout()?.target.puppetServers ?? [];
  const published = now.phase.status === 'drained' ? (now.phase.publish?.published ?? []) : [];
  if (!servers.every((s) => published.includes(s.server))) return;
  if (isOvertaken(draft, now)) leaveForward(draft, now);
  else if (draft.rollout()?.status === 'cancelling') {
    giveUpUnchanged(
      draft,
      now,
      { step: null, reason: 'cancelled before its run was asked for' },
      'noise',
    );
  } else requestRun(draft, now);
}

/** A publisher could not write the file. */
export function onPublishFailed(
  draft: Draft,
  host: HostInFlight,
  { data }: Observation<'puppet.publish.failed'>,
): void {
  react(draft, host, {
    step: 'publish',
    reaction: lastTry(draft, PUBLISH_FAILED),
    reason: `${data.server}: ${data.reason}`,
  });
}

/** Our run is over: converged hosts are asked for their health, the rest goes by the outcome table. */
export function onRunFinished(
  draft: Draft,
  host: HostInFlight,
  { data }: Observation<'puppet.run.finished'>,
): void {
  draft.emit('deployment.host-run-finished', data);
  const now = current(draft, host);
  if (isOvertaken(draft, now)) {
    leaveForward(draft, now);
    return;
  }
  const { verdict } = data;
  const reaction = reactionToRun(verdict);
  if (reaction === undefined || verdict.kind === 'converged') return;
  react(draft, now, {
    step: 'run',
    reaction: lastTry(draft, reaction),
    reason: `${verdict.why}: ${verdict.detail}`,
  });
}

/** The application answered, k times in a row, or did not. */
export function onHealth(
  draft: Draft,
  host: HostInFlight,
  { data }: Observation<'puppet.health.observed'>,
): void {
  draft.emit('deployment.host-verified', data);
  const now = current(draft, host);
  if (isOvertaken(draft, now)) leaveForward(draft, now);
  else if (!data.healthy)
    fail(
      draft,
      now,
      { step: 'verify', reaction: UNHEALTHY, reason: `the health check failed: ${data.reason}` },
      'broken',
    );
  else if (now.memberships.length === 0) done(draft, now);
  else requestEnable(draft, now);
}

/** What the host's journal says of our command. Silence is not failure: only an expired command it never saw is sent anew. */
export function onRunStatus(
  draft: Draft,
  host: HostInFlight,
  { data }: Observation<'puppet.run.status'>,
): void {
  if (host.phase.status !== 'running-puppet') return;
  if (data.state === 'running' && host.phase.startedAt === undefined) {
    draft.emit('deployment.host-run-started', {
      host: host.host,
      requestId: host.phase.pending.requestId,
      startedAt: draft.now,
    });
  }
  const expired = reached(plusMs(host.phase.pending.askedAt, RUN_EXPIRES_MS), draft.now);
  if (data.state !== 'never-seen' || !expired) return;
  const reaction: Reaction = {
    do: 'retry',
    class: 'static',
    limit: 5,
    baseMs: 1_000,
    then: 'give-up-unchanged',
  };
  react(draft, host, {
    step: 'run',
    reaction: lastTry(draft, reaction),
    reason: 'the command expired before the host saw it',
  });
}

/** After a cancel nothing is sent again: what would be retried ends instead. */
function lastTry(draft: Draft, reaction: Reaction): Reaction {
  if (reaction.do !== 'retry' || draft.rollout()?.status !== 'cancelling') return reaction;
  return { do: reaction.then, class: reaction.class };
}
