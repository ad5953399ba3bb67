import {
  FORGOTTEN,
  NEVER_SEEN,
  PUBLISH_FAILED,
  reactionToRun,
  UNHEALTHY,
  UNPROVEN,
} from '../../policy/outcome-table.js';
import type { Draft } from '../draft.js';
import type { HostObservation } from '../input.js';
import { doubtOf } from '../proof.js';
import { requestEnable, requestRun, wantedOf, type HostInFlight } from '../steps.js';
import { hasWhatIsWanted, leaveForward, putBack, react, stopsHere } from '../turn-end.js';
import { isOvertaken } from '../turn-round.js';
import { current, done } from './service.js';

type Observation<T extends HostObservation['type']> = Extract<HostObservation, { type: T }>;

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
  if (now.turn.returning !== undefined) {
    hasWhatIsWanted(draft, now);
    putBack(draft, now);
  } else if (!stopsHere(draft, now)) requestRun(draft, now);
}

/** A publisher could not write the file. */
export function onPublishFailed(
  draft: Draft,
  host: HostInFlight,
  { data }: Observation<'puppet.publish.failed'>,
): void {
  const reason = `${data.server}: ${data.reason}`;
  react(draft, host, { step: 'publish', reaction: PUBLISH_FAILED, reason });
}

/** Our run is over: converged hosts are asked for their health, the rest goes by the outcome table. */
export function onRunFinished(
  draft: Draft,
  host: HostInFlight,
  { data }: Observation<'puppet.run.finished'>,
): void {
  draft.emit('deployment.host-run-finished', data);
  const now = current(draft, host);
  const { verdict } = data;
  const reaction = reactionToRun(verdict);
  if (reaction !== undefined && verdict.kind !== 'converged') {
    react(draft, now, { step: 'run', reaction, reason: `${verdict.why}: ${verdict.detail}` });
    return;
  }
  if (isOvertaken(draft, now)) {
    leaveForward(draft, now);
    return;
  }
  const rollout = draft.rollout();
  const wanted = (rollout && wantedOf(rollout, now, now.turn.direction)) ?? [];
  const doubt = doubtOf(data, wanted);
  if (doubt !== undefined)
    react(draft, now, {
      step: 'run',
      reaction: UNPROVEN,
      reason: `called converged, but ${doubt}`,
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
  else if (!data.healthy) {
    const reason = `the health check failed: ${data.reason}`;
    react(draft, now, { step: 'verify', reaction: UNHEALTHY, reason });
  } else if (now.memberships.length === 0) done(draft, now);
  else requestEnable(draft, now);
}

/** What the host's journal says of our command. Silence is not failure: only a command it never saw, and has sworn off, is sent anew. */
export function onRunStatus(
  draft: Draft,
  host: HostInFlight,
  { data }: Observation<'puppet.run.status'>,
): void {
  const { phase } = host;
  if (phase.status !== 'running-puppet') return;
  switch (data.state) {
    case 'running':
    case 'verifying':
      if (phase.startedAt !== undefined) return;
      draft.emit('deployment.host-run-started', {
        host: host.host,
        requestId: phase.pending.requestId,
        startedAt: draft.now,
      });
      return;
    case 'never-seen': {
      const reaction = phase.startedAt === undefined ? NEVER_SEEN : FORGOTTEN;
      const reason = 'the host never saw its command, and refuses it should it still come';
      react(draft, host, { step: 'run', reaction, reason });
      return;
    }
  }
}
