import type { HostStep, OutcomeClass } from '@gantry/contracts';
import { assertNever } from '../assert-never.js';
import { backoffMs } from '../policy/backoff.js';
import { withoutRetry, type Reaction } from '../policy/outcome-table.js';
import { clip } from '../text.js';
import { plusMs } from '../time.js';
import type { Draft } from './draft.js';
import { attentionKeyOfWanted } from './attention-keys.js';
import { leftOutItem, notBackYetItem, stillWantedItem } from './attention.js';
import { requestEnable, requestPublish, whatItHas, type HostInFlight } from './steps.js';
import { hasWayBack, isOvertaken, NO_WAY_BACK, turnRound } from './turn-round.js';
import type { HostPhase } from './state.js';

const MAX_BACKOFF_MS = 60_000;
const MAX_REASON = 2_000;
/** Failed tries to put a host back before a person is told: some seconds, which a device that restarts needs. */
const UNREMARKABLE = 2;

/** A step's failure, before it is decided what it leads to. */
export interface StepFailure {
  readonly step: HostStep;
  readonly reaction: Reaction;
  readonly reason: string;
}

/** How a turn ends: `step` null = nothing had gone wrong with the host. */
interface End {
  readonly step: HostStep | null;
  readonly class: OutcomeClass;
  readonly reason: string;
}

/** Carries out the reaction the outcome table names for this failure. */
export function react(draft: Draft, host: HostInFlight, failure: StepFailure): void {
  const { step, reason } = failure;
  const reaction = isLastTry(draft, host, failure)
    ? withoutRetry(failure.reaction)
    : failure.reaction;
  switch (reaction.do) {
    case 'retry':
      if (step !== 'enable' && isOvertaken(draft, host)) leaveForward(draft, host);
      else delay(draft, host, failure, retryAfterMs(host, step, reaction.baseMs));
      return;
    case 'requeue':
      delay(
        draft,
        host,
        { ...failure, step: mayRequeue(host) ? 'reserve' : step },
        reaction.afterMs,
      );
      return;
    case 'give-up-unchanged':
      giveUp(draft, host, { step, class: reaction.class, reason });
      return;
    case 'stay-out':
      fail(draft, host, { step, class: reaction.class, reason });
      return;
    default:
      assertNever(reaction);
  }
}

/** After a cancel nothing is tried again but putting back. */
function isLastTry(draft: Draft, host: HostInFlight, { step, reaction }: StepFailure): boolean {
  const cancelled = step !== 'enable' && draft.rollout()?.status === 'cancelling';
  return cancelled || (reaction.do === 'retry' && triesOf(host, step) >= reaction.limit);
}

const triesOf = ({ turn }: HostInFlight, step: HostStep): number => turn.retries[step] ?? 0;

const retryAfterMs = (host: HostInFlight, step: HostStep, baseMs: number): number =>
  backoffMs(triesOf(host, step) + 1, baseMs, MAX_BACKOFF_MS, host.host);

/**
 * A drain that was asked for twice may be carried out a second time after it was refused: the turn goes on until an ask
 * that had nothing behind it is refused, or the host would be taken out when nobody owns it.
 */
const mayRequeue = ({ phase }: HostInFlight): boolean =>
  phase.status !== 'draining' || phase.pending.asks === 1;

function delay(draft: Draft, host: HostInFlight, failure: StepFailure, ms: number): void {
  draft.emit('deployment.host-step-delayed', {
    host: host.host,
    step: failure.step,
    class: failure.reaction.class,
    reason: clip(failure.reason, MAX_REASON),
    attempt: triesOf(host, failure.step) + 1,
    until: plusMs(draft.now, ms),
  });
  const rollout = draft.rollout();
  if (failure.step === 'enable' && triesOf(host, 'enable') >= UNREMARKABLE && rollout !== undefined)
    draft.emitBeside(
      'attention.opened',
      notBackYetItem(draft.id, rollout.target, host.host, failure.reason),
    );
}

/** Where people have decided that no further step is taken, the turn is led to its end. True = it was. */
export function stopsHere(draft: Draft, host: HostInFlight): boolean {
  if (isOvertaken(draft, host)) {
    leaveForward(draft, host);
    return true;
  }
  if (draft.rollout()?.status !== 'cancelling') return false;
  giveUp(draft, host, { step: null, class: 'noise', reason: 'cancelled before it was changed' });
  return true;
}

/** An overtaken turn comes to a point where it can end: untouched hosts return to service, touched ones turn round. */
export function leaveForward(draft: Draft, host: HostInFlight): void {
  if (host.turn.returning !== undefined) putBack(draft, host);
  else if (host.touched && hasWayBack(draft, host)) turnRound(draft, host);
  else if (host.touched)
    fail(draft, host, { step: 'publish', class: 'broken', reason: NO_WAY_BACK });
  else
    giveUp(draft, host, {
      step: null,
      class: 'noise',
      reason: 'rolled back before it was changed',
    });
}

/** This turn goes no further: an intact host goes back in service before the turn ends, any other stays out. */
export function giveUp(draft: Draft, host: HostInFlight, end: End): void {
  if (host.turn.returning !== undefined) {
    tellIfWantsNew(draft, host);
    putBack(draft, host);
    return;
  }
  if (!host.turn.intact) {
    fail(draft, host, { ...end, step: end.step ?? stepOf(host.phase) });
    return;
  }
  const reason = clip(end.reason, MAX_REASON);
  draft.emit('deployment.host-returning', { ...end, host: host.host, reason });
  const now = draft.inFlight(host.host);
  if (now === undefined) return;
  if (wantsNew(now) && mayPublishFormer(draft, now)) {
    requestPublish(draft, now);
    return;
  }
  tellIfWantsNew(draft, now);
  putBack(draft, now);
}

/**
 * The new version was published for a host that did not take it. Left so, the next Puppet run would bring it while the host serves, be it for
 * another application or by a person.
 */
const wantsNew = ({ turn: { direction, requests } }: HostInFlight): boolean =>
  direction === 'forward' && requests.publish !== undefined;

/** After a cancel no command is sent any more. */
function mayPublishFormer(draft: Draft, host: HostInFlight): boolean {
  const rollout = draft.rollout();
  return (
    rollout !== undefined &&
    rollout.status !== 'cancelling' &&
    whatItHas(rollout, host) !== undefined
  );
}

/** Nobody says otherwise to its Puppet servers any more, unless its turn back is still to come. */
function tellIfWantsNew(draft: Draft, host: HostInFlight): void {
  const rollout = draft.rollout();
  if (rollout === undefined || !wantsNew(host) || isOvertaken(draft, host)) return;
  draft.emitBeside('attention.opened', stillWantedItem(draft.id, rollout.target, host.host));
}

/** What its Puppet servers say is what the host has: by a whole turn, or because its former version was published for it. */
export function hasWhatIsWanted(draft: Draft, { host }: HostInFlight): void {
  const application = draft.rollout()?.target.application;
  if (application === undefined) return;
  const key = attentionKeyOfWanted(application, host);
  draft.emitBeside('attention.closed', { key, because: 'it has what is wanted of it' });
}

/** A host that goes back unchanged is put in service where it was taken out; then its turn is over. */
export function putBack(draft: Draft, host: HostInFlight): void {
  if (host.out && host.memberships.length > 0) requestEnable(draft, host);
  else endReturned(draft, host);
}

/** The host is back in service unchanged: its turn ends as failed, or as skipped when nothing had gone wrong with it. */
export function endReturned(draft: Draft, host: HostInFlight): void {
  const why = host.turn.returning;
  if (why === undefined) return;
  if (isOvertaken(draft, host) && host.touched) queueForTheWayBack(draft, host);
  else if (why.step === null)
    draft.emit('deployment.host-skipped', { host: host.host, reason: clip(why.reason, 500) });
  else emitFailed(draft, host, { ...why, step: why.step }, false);
}

/** In service again while the deployment goes back: its turn back comes through the window like any other's. */
export function queueForTheWayBack(draft: Draft, host: HostInFlight): void {
  draft.emit('deployment.host-step-delayed', {
    host: host.host,
    step: 'reserve',
    class: 'noise',
    reason: 'the deployment is rolling back: this host has its turn back still to come',
    attempt: 1,
    until: draft.now,
  });
}

/** The host ends without proof; out of service with an attention item when it is in a pool. */
export function fail(
  draft: Draft,
  host: HostInFlight,
  end: End & { readonly step: HostStep },
): void {
  if (isOvertaken(draft, host) && host.touched && hasWayBack(draft, host)) {
    turnRound(draft, host);
    return;
  }
  const rollout = draft.rollout();
  emitFailed(draft, host, end, host.out);
  if (!host.out) tellIfWantsNew(draft, host);
  else if (rollout !== undefined)
    draft.emitBeside('attention.opened', leftOutItem(draft.id, rollout.target, host.host, end));
}

function emitFailed(
  draft: Draft,
  host: HostInFlight,
  { step, class: cls, reason }: End & { readonly step: HostStep },
  outOfService: boolean,
): void {
  draft.emit('deployment.host-failed', {
    host: host.host,
    direction: host.turn.direction,
    step,
    class: cls,
    reason: clip(reason, MAX_REASON),
    outOfService,
  });
}

/** The step a host in this phase is at. */
export function stepOf(phase: HostPhase): HostStep {
  switch (phase.status) {
    case 'draining':
      return 'drain';
    case 'drained':
      return 'publish';
    case 'running-puppet':
      return 'run';
    case 'verifying':
      return 'verify';
    case 'enabling':
      return 'enable';
    case 'delayed':
    case 'failed':
      return phase.step;
    case 'queued':
    case 'reserving':
    case 'done':
    case 'skipped':
      return 'reserve';
  }
}
