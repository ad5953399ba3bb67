import type {
  AcceptFleetChange,
  ActorId,
  DataOf,
  Fleet,
  FleetProblem,
  PipelineName,
  Sha256,
} from '@gantry/contracts';
import type { Fact } from '../decision.js';
import { releasingSince } from './released-packages.js';

/** Events of the fleet's stream. */
export type FleetFact = Fact<
  'fleet.adopted' | 'fleet.rejected' | 'fleet.change-held' | 'fleet.change-accepted'
>;

/** A fleet by the hash of its file. */
export interface KnownFleet {
  readonly sha256: Sha256;
  readonly fleet: Fleet;
}

/** The fleet in force, and what the file said last where that is not in force: refused, or held for a person to accept. */
export interface FleetState {
  readonly inForce: KnownFleet | undefined;
  readonly rejected: string | undefined;
  readonly held: KnownFleet | undefined;
  /** Since when each pipeline releases the packages that it releases now. */
  readonly releasingSince: ReadonlyMap<PipelineName, string>;
}

/** The state before the first event. */
export const initialFleet: FleetState = {
  inForce: undefined,
  rejected: undefined,
  held: undefined,
  releasingSince: new Map(),
};

/** The state after the fact. */
export function evolveFleet(state: FleetState, fact: FleetFact): FleetState {
  switch (fact.type) {
    case 'fleet.adopted':
      return adopted(state, fact);
    case 'fleet.rejected':
      return { ...state, rejected: fact.data.sha256, held: undefined };
    case 'fleet.change-held':
      return { ...state, rejected: undefined, held: fact.data };
    // What it changes is told by the adoption that comes with it.
    case 'fleet.change-accepted':
      return state;
  }
}

function adopted(
  { inForce, releasingSince: since }: FleetState,
  { data, at }: Extract<FleetFact, { type: 'fleet.adopted' }>,
): FleetState {
  const now = releasingSince({ fleet: inForce?.fleet, since }, data.fleet, at);
  return { inForce: data, rejected: undefined, held: undefined, releasingSince: now };
}

/** What a reading of the fleet file gave. */
export type FleetReading =
  | { readonly ok: true; readonly sha256: Sha256; readonly fleet: Fleet }
  | { readonly ok: false; readonly sha256: Sha256; readonly problems: readonly FleetProblem[] };

/** The file was read (`source` is how people know it), or a person accepts the change that is held. */
export type FleetInput =
  | {
      readonly type: 'fleet.read';
      readonly reading: FleetReading;
      readonly source: string;
      /** Percent of the hosts of an environment, an application there or a pool that may go in one change. */
      readonly maxRemovedPercent: number;
    }
  | {
      readonly type: 'fleet.accept-change';
      readonly data: DataOf<typeof AcceptFleetChange>;
      readonly by: ActorId;
    };
