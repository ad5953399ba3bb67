import type { HostObservation } from '../input.js';
import type { Draft } from '../draft.js';
import { DRAIN_REACTIONS, ENABLE_REACTIONS } from '../../policy/outcome-table.js';
import { attentionKeyOfHost } from '../attention-keys.js';
import { isOvertaken, leaveForward } from '../rollback.js';
import { requestPublish, wantedOf, type HostInFlight } from '../steps.js';
import { endReturned, fail, giveUpUnchanged, react } from '../turn-end.js';

type Observation<T extends HostObservation['type']> = Extract<HostObservation, { type: T }>;

/** The host is out and idle: the wanted version is published next, unless nothing may be sent any more. */
export function onDrained(
  draft: Draft,
  host: HostInFlight,
  { data }: Observation<'lb.drained'>,
): void {
  draft.emit('deployment.host-drained', data);
  afterDrain(draft, current(draft, host));
}

function afterDrain(draft: Draft, host: HostInFlight): void {
  const rollout = draft.rollout();
  if (rollout === undefined) return;
  if (isOvertaken(draft, host)) leaveForward(draft, host);
  else if (rollout.status === 'cancelling') {
    giveUpUnchanged(
      draft,
      host,
      { step: null, reason: 'cancelled before it was changed' },
      'noise',
    );
  } else if (wantedOf(rollout, host) === undefined) {
    const reaction = { do: 'stay-out', class: 'broken' } as const;
    fail(
      draft,
      host,
      {
        step: 'publish',
        reaction,
        reason: 'nothing was installed before: there is no version to go back to',
      },
      'broken',
    );
  } else requestPublish(draft, host);
}

/** The host could not be taken out. Members that were not put back as they had been are not known to be in service. */
export function onDrainFailed(
  draft: Draft,
  host: HostInFlight,
  { data }: Observation<'lb.drain.failed'>,
): void {
  const { kind, reason, restored } = data;
  if (!restored) {
    fail(
      draft,
      host,
      {
        step: 'drain',
        reaction: { do: 'stay-out', class: 'unknown' },
        reason: `${kind}: ${reason}`,
      },
      'unknown',
    );
    return;
  }
  if (isOvertaken(draft, host)) leaveForward(draft, host);
  else if (draft.rollout()?.status === 'cancelling') {
    giveUpUnchanged(
      draft,
      host,
      { step: null, reason: 'cancelled before it was changed' },
      'noise',
    );
  } else
    react(draft, host, {
      step: 'drain',
      reaction: DRAIN_REACTIONS[kind],
      reason: `${kind}: ${reason}`,
    });
}

/** In service, seen: the turn is done when its chain of proof is whole. */
export function onEnabled(
  draft: Draft,
  host: HostInFlight,
  { data }: Observation<'lb.enabled'>,
): void {
  draft.emit('deployment.host-enabled', data);
  const now = current(draft, host);
  if (now.turn.returning !== undefined) {
    draft.emitBeside('attention.closed', {
      key: attentionKeyOfHost(now.host),
      because: 'it is in service again',
    });
    endReturned(draft, now);
  } else done(draft, now);
}

/** Ends the turn with the receipt: drained, report, installed, healthy, in service. */
export function done(draft: Draft, host: HostInFlight): void {
  const { turn } = host;
  if (turn.run?.report == null || turn.health === undefined) return;
  const { goodInRow, attempts, lastBody, finishedAt } = turn.health;
  draft.emitBeside('attention.closed', {
    key: attentionKeyOfHost(host.host),
    because: 'it is in service again, with its chain of proof',
  });
  if (isOvertaken(draft, host)) {
    // Done the old way while the deployment goes back: its turn back comes through the window like any other's.
    draft.emit('deployment.host-step-delayed', {
      host: host.host,
      step: 'reserve',
      class: 'noise',
      reason: 'done, but the deployment is rolling back',
      attempt: 1,
      until: draft.now,
    });
    return;
  }
  draft.emit('deployment.host-done', {
    host: host.host,
    direction: turn.direction,
    proof: {
      drained: turn.drained,
      puppetReport: turn.run.report,
      installed: turn.run.after,
      healthy: { goodInRow, attempts, lastBody, finishedAt },
      inService: turn.enabled ?? null,
    },
  });
}

/** The host could not be put back. */
export function onEnableFailed(
  draft: Draft,
  host: HostInFlight,
  { data }: Observation<'lb.enable.failed'>,
): void {
  if (isOvertaken(draft, host) && host.turn.returning === undefined) leaveForward(draft, host);
  else
    react(draft, host, {
      step: 'enable',
      reaction: ENABLE_REACTIONS[data.kind],
      reason: `${data.kind}: ${data.reason}`,
    });
}

/** The host as the draft has it now, still in flight. */
export function current(draft: Draft, host: HostInFlight): HostInFlight {
  const now = draft.host(host.host);
  return now?.turn === undefined ? host : { ...now, turn: now.turn };
}
