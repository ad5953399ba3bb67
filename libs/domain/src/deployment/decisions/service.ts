import { DRAIN_REACTIONS, ENABLE_REACTIONS } from '../../policy/outcome-table.js';
import { attentionKeyOfHost } from '../attention-keys.js';
import type { Draft } from '../draft.js';
import type { HostObservation } from '../input.js';
import { proofOf } from '../proof.js';
import { requestPublish, type HostInFlight } from '../steps.js';
import {
  endReturned,
  fail,
  hasWhatIsWanted,
  queueForTheWayBack,
  react,
  stopsHere,
} from '../turn-end.js';
import { isOvertaken } from '../turn-round.js';

type Observation<T extends HostObservation['type']> = Extract<HostObservation, { type: T }>;

/** The host is out and idle: the wanted version is published next, unless nothing may be sent any more. */
export function onDrained(
  draft: Draft,
  host: HostInFlight,
  { data }: Observation<'lb.drained'>,
): void {
  draft.emit('deployment.host-drained', data);
  const now = current(draft, host);
  if (!stopsHere(draft, now)) requestPublish(draft, now);
}

/** The host could not be taken out. Members that were not put back as they had been are not known to be in service. */
export function onDrainFailed(
  draft: Draft,
  host: HostInFlight,
  { data: { kind, reason, restored } }: Observation<'lb.drain.failed'>,
): void {
  const why = `${kind}: ${reason}`;
  if (!restored) fail(draft, host, { step: 'drain', class: 'unknown', reason: why });
  else if (!stopsHere(draft, host))
    react(draft, host, { step: 'drain', reaction: DRAIN_REACTIONS[kind], reason: why });
}

/** In service, seen: the turn is done when its chain of proof is whole. */
export function onEnabled(
  draft: Draft,
  host: HostInFlight,
  { data }: Observation<'lb.enabled'>,
): void {
  draft.emit('deployment.host-enabled', data);
  const now = current(draft, host);
  draft.emitBeside('attention.closed', {
    key: attentionKeyOfHost(now.host),
    because: 'it is in service again',
  });
  if (now.turn.returning === undefined) done(draft, now);
  else endReturned(draft, now);
}

/** Ends the turn with the receipt: drained, report, installed, healthy, in service. */
export function done(draft: Draft, host: HostInFlight): void {
  const proof = proofOf(host);
  if (proof === undefined)
    fail(draft, host, {
      step: 'verify',
      class: 'broken',
      reason: 'its chain of proof is not whole',
    });
  else if (isOvertaken(draft, host)) queueForTheWayBack(draft, host);
  else {
    const { direction } = host.turn;
    draft.emit('deployment.host-done', { host: host.host, direction, proof });
    hasWhatIsWanted(draft, host);
  }
}

/** The host could not be put back. */
export function onEnableFailed(
  draft: Draft,
  host: HostInFlight,
  { data }: Observation<'lb.enable.failed'>,
): void {
  const reason = `${data.kind}: ${data.reason}`;
  react(draft, host, { step: 'enable', reaction: ENABLE_REACTIONS[data.kind], reason });
}

/** The host as the draft has it now, still in flight. */
export const current = (draft: Draft, host: HostInFlight): HostInFlight =>
  draft.inFlight(host.host) ?? host;
