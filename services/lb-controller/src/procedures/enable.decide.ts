import type { Place } from './host-request.js';
import type { FoundPlace } from './seen-place.js';

/** What an enable in progress remembers between two reads. */
export interface EnableProgress {
  /** Places that were out when we came: they go in through drain and a fresh check. The others are in already. */
  readonly returning: ReadonlySet<string>;
  /** Since when all of them have been checked without a break. */
  readonly checkedSinceMs: number | undefined;
  /** All of them were off when we came, and the device has not forgotten it: what is checked from now on is checked anew. */
  readonly allWereOff: boolean;
  readonly epochs: string;
}

/** What to do next: `prepare` = put returning members under check without traffic; `ready` = let them in. */
export type EnableVerdict = 'prepare' | 'wait' | 'ready';

/** Names a place among the host's places. */
export const placeKey = ({ device, backend, member }: Place): string =>
  `${device} ${backend} ${member}`;

const epochsOf = (seen: readonly FoundPlace[]): string =>
  seen.map(({ reading }) => reading.epoch).join(' ');

/** The start: who is out now is to return. */
export function beginEnable(seen: readonly FoundPlace[]): EnableProgress {
  const out = seen.filter(({ member }) => member.admin !== 'in');
  return {
    returning: new Set(out.map(({ place }) => placeKey(place))),
    checkedSinceMs: undefined,
    allWereOff: seen.every(({ member }) => member.admin === 'off'),
    epochs: epochsOf(seen),
  };
}

/** Whether the member must be put under check without traffic: it is off, or a reload put it in traffic unchecked. */
export const needsPreparing = (progress: EnableProgress, seen: FoundPlace): boolean =>
  progress.returning.has(placeKey(seen.place)) && seen.member.admin !== 'drain';

/**
 * Decides by one more read. A device shows the result of the check before the maintenance, so a good result counts only
 * after every member has had a whole check window of one epoch, or where the device shows the difference.
 */
export function decideEnable(
  before: EnableProgress,
  seen: readonly FoundPlace[],
  windowMs: number,
  nowMs: number,
): { readonly verdict: EnableVerdict; readonly progress: EnableProgress } {
  const epochs = epochsOf(seen);
  const sameEpoch = epochs === before.epochs;
  const allWereOff = before.allWereOff && sameEpoch;
  const unprepared = seen.some((each) => needsPreparing(before, each));
  if (unprepared) {
    const progress = { ...before, epochs, allWereOff, checkedSinceMs: undefined };
    return { verdict: 'prepare', progress };
  }
  const checkedSinceMs = (sameEpoch ? before.checkedSinceMs : undefined) ?? nowMs;
  const progress = { ...before, epochs, allWereOff, checkedSinceMs };
  const proven = allWereOff && seen.every(({ member }) => member.upProvesCheck);
  const checked = proven || nowMs - checkedSinceMs >= windowMs;
  const well = seen.every(({ member }) => ['up', 'unmonitored'].includes(member.monitor));
  return { verdict: checked && well ? 'ready' : 'wait', progress };
}
