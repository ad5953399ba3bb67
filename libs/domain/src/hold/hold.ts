import type { ActorId, DataOf, HoldPlaced, LiftHold, PlaceHold } from '@gantry/contracts';
import { canonicalJson } from '../canonical-json.js';
import { ignored, refused, type Decision, type Fact } from '../decision.js';
import { reached } from '../time.js';

/** Events of one hold's stream. */
export type HoldFact = Fact<'hold.placed' | 'hold.lifted' | 'hold.expired'>;

/** A hold as it was placed: what it does, on what, by whom, why, until when. */
export type Hold = DataOf<typeof HoldPlaced>;

/**
 * A hold: `none` -> `placed` -> `lifted` | `expired`. It is over at its time, whether or not that was written down yet; who asks
 * what binds compares the time as well.
 */
export type HoldState =
  | { readonly status: 'none' }
  | { readonly status: 'placed' | 'lifted' | 'expired'; readonly hold: Hold };

/** The state before the first event. */
export const initialHold: HoldState = { status: 'none' };

/** The state after the fact. Total, never throws. */
export function evolveHold(state: HoldState, fact: HoldFact): HoldState {
  if (fact.type === 'hold.placed') return { status: 'placed', hold: fact.data };
  if (state.status === 'none') return state;
  return { ...state, status: fact.type === 'hold.lifted' ? 'lifted' : 'expired' };
}

/** When the hold wants to be looked at again. */
export const holdWakeUpAt = (state: HoldState): string | undefined =>
  state.status === 'placed' ? state.hold.until : undefined;

/** The names a scope may use: a hold on something misspelt would bind nothing, and nobody would notice. */
export interface KnownNames {
  readonly applications: ReadonlySet<string>;
  readonly environments: ReadonlySet<string>;
  readonly pools: ReadonlySet<string>;
}

/** Everything that can reach a hold. Who may lift is a matter of rights, decided before; here it is put on record. */
export type HoldInput =
  | {
      readonly type: 'hold.place';
      readonly data: DataOf<typeof PlaceHold>;
      readonly by: ActorId;
      readonly known: KnownNames;
    }
  | { readonly type: 'hold.lift'; readonly data: DataOf<typeof LiftHold>; readonly by: ActorId }
  | { readonly type: 'tick' };

type Answer<T extends HoldInput['type']> = Extract<HoldInput, { type: T }>;

/** The decision on one input to a hold. Pure. */
export function decideHold(input: HoldInput, state: HoldState, now: string): Decision<HoldFact> {
  switch (input.type) {
    case 'hold.place':
      return place(input, state, now);
    case 'hold.lift':
      return lift(input, state, now);
    case 'tick':
      return tick(state, now);
  }
}

const accepted = (fact: HoldFact): Decision<HoldFact> => ({
  outcome: 'accepted',
  events: [fact],
  also: [],
});

function place(
  { data, by, known }: Answer<'hold.place'>,
  state: HoldState,
  now: string,
): Decision<HoldFact> {
  const hold: Hold = { ...data, owner: by };
  if (state.status !== 'none') {
    if (canonicalJson(state.hold) === canonicalJson(hold)) return ignored('it is placed already');
    return refused(
      'conflict',
      'hold-exists',
      `hold ${data.holdId} exists already and says something else`,
      'Use a new Idempotency-Key for a new hold.',
    );
  }
  if (data.until !== undefined && reached(data.until, now)) {
    return refused(
      'invalid',
      'hold-over-already',
      `the hold would end at ${data.until}, and it is ${now} now`,
      'Name a later end, or none.',
    );
  }
  const stranger = unknownName(data.scope, known);
  if (stranger !== undefined) {
    return refused(
      'not-found',
      'unknown-scope',
      `${stranger} is not in the fleet file: the hold would bind nothing`,
      'Correct the name, or add it to the fleet file first.',
    );
  }
  return accepted({ type: 'hold.placed', data: hold, at: now });
}

function unknownName(scope: Hold['scope'], known: KnownNames): string | undefined {
  if ('environment' in scope && !known.environments.has(scope.environment))
    return `environment ${scope.environment}`;
  if ('application' in scope && !known.applications.has(scope.application))
    return `application ${scope.application}`;
  if ('pool' in scope && !known.pools.has(scope.pool)) return `pool ${scope.pool}`;
  return undefined;
}

function lift(
  { data: { holdId, reason }, by }: Answer<'hold.lift'>,
  state: HoldState,
  now: string,
): Decision<HoldFact> {
  if (state.status === 'none') {
    return refused(
      'not-found',
      'unknown-hold',
      `there is no hold ${holdId}`,
      'Look at the list of holds.',
    );
  }
  if (state.status !== 'placed') return ignored(`it is ${state.status} already`);
  return accepted({ type: 'hold.lifted', data: { holdId, by, reason }, at: now });
}

function tick(state: HoldState, now: string): Decision<HoldFact> {
  if (state.status !== 'placed') return ignored(`it is ${state.status}`);
  const { until, holdId } = state.hold;
  if (until === undefined || !reached(until, now)) return ignored('its time is not over');
  return accepted({ type: 'hold.expired', data: { holdId }, at: now });
}
