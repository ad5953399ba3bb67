import type { HostStep, OutcomeClass } from '@gantry/contracts';
import { backoffMs } from '../policy/backoff.js';
import { assertNever } from '../assert-never.js';
import type { Reaction } from '../policy/outcome-table.js';
import { plusMs } from '../time.js';
import type { Draft } from './draft.js';
import { attentionKeyOfHost } from './attention-keys.js';
import { requestEnable, type HostInFlight } from './steps.js';

const MAX_BACKOFF_MS = 60_000;

/** A step's failure, before it is decided what it leads to. */
export interface StepFailure {
  readonly step: HostStep;
  readonly reaction: Reaction;
  readonly reason: string;
}

/** Carries out the reaction the outcome table names for this failure. */
export function react(draft: Draft, host: HostInFlight, failure: StepFailure): void {
  const { reaction } = failure;
  switch (reaction.do) {
    case 'retry': {
      const done = host.turn.retries[failure.step] ?? 0;
      if (done < reaction.limit)
        delay(
          draft,
          host,
          failure,
          backoffMs(done + 1, reaction.baseMs, MAX_BACKOFF_MS, host.host),
        );
      else if (reaction.then === 'stay-out') fail(draft, host, failure, reaction.class);
      else giveUpUnchanged(draft, host, failure, reaction.class);
      return;
    }
    case 'requeue':
      delay(draft, host, { ...failure, step: 'reserve' }, reaction.afterMs);
      return;
    case 'give-up-unchanged':
      giveUpUnchanged(draft, host, failure, reaction.class);
      return;
    case 'stay-out':
      fail(draft, host, failure, reaction.class);
      return;
    default:
      assertNever(reaction);
  }
}

function delay(draft: Draft, host: HostInFlight, failure: StepFailure, ms: number): void {
  draft.emit('deployment.host-step-delayed', {
    host: host.host,
    step: failure.step,
    class: failure.reaction.class,
    reason: failure.reason,
    attempt: (host.turn.retries[failure.step] ?? 0) + 1,
    until: plusMs(draft.now, ms),
  });
}

/** The host was not changed: back in service first when it is out, then it counts as failed. */
export function giveUpUnchanged(
  draft: Draft,
  host: HostInFlight,
  failure: { readonly step: HostStep | null; readonly reason: string },
  cls: OutcomeClass,
): void {
  draft.emit('deployment.host-returning', {
    host: host.host,
    step: failure.step,
    class: cls,
    reason: failure.reason,
  });
  const now = draft.host(host.host);
  if (now?.turn === undefined) return;
  if (now.out && now.memberships.length > 0) requestEnable(draft, { ...now, turn: now.turn });
  else endReturned(draft, { ...now, turn: now.turn });
}

/** The host is back in service unchanged: its turn ends as failed, or as skipped when nothing had gone wrong with it. */
export function endReturned(draft: Draft, host: HostInFlight): void {
  const why = host.turn.returning;
  if (why === undefined) return;
  if (why.step === null) {
    draft.emit('deployment.host-skipped', { host: host.host, reason: why.reason.slice(0, 500) });
    return;
  }
  const { direction } = host.turn;
  draft.emit('deployment.host-failed', {
    host: host.host,
    direction,
    step: why.step,
    class: why.class,
    reason: why.reason,
    outOfService: false,
  });
}

/** The host ends without proof; out of service with an attention item when it is in a pool. */
export function fail(
  draft: Draft,
  host: HostInFlight,
  failure: StepFailure,
  cls: OutcomeClass,
): void {
  const rollout = draft.rollout();
  if (rollout === undefined) return;
  const outOfService = host.out;
  draft.emit('deployment.host-failed', {
    host: host.host,
    direction: host.turn.direction,
    step: failure.step,
    class: cls,
    reason: failure.reason,
    outOfService,
  });
  if (!outOfService) return;
  const { application, environment, evr } = rollout.target;
  draft.emitBeside('attention.opened', {
    key: attentionKeyOfHost(host.host),
    kind: 'host-out-of-service',
    title: `${host.host} is out of service`,
    detail: `${application} ${evr} in ${environment}, step ${failure.step} (${cls}): ${failure.reason}`,
    todo: 'Roll the deployment back, or mend the host and deploy again; it is put back only after its health was seen.',
    host: host.host,
    application,
    environment,
    deploymentId: draft.id,
  });
}
