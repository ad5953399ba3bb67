import type { Fleet, FleetProblem, Sha256 } from '@gantry/contracts';
import { ignored, type Decision, type Fact, type SideFact } from '../decision.js';

/** Events of the fleet's stream. */
export type FleetFact = Fact<'fleet.adopted' | 'fleet.rejected'>;

/** The fleet in force, and the last file that was refused. */
export interface FleetState {
  readonly inForce: { readonly sha256: string; readonly fleet: Fleet } | undefined;
  readonly rejected: string | undefined;
}

/** The state before the first event. */
export const initialFleet: FleetState = { inForce: undefined, rejected: undefined };

/** The state after the fact. */
export function evolveFleet(state: FleetState, fact: FleetFact): FleetState {
  return fact.type === 'fleet.adopted'
    ? { inForce: fact.data, rejected: undefined }
    : { ...state, rejected: fact.data.sha256 };
}

/** What a reading of the fleet file gave. */
export type FleetReading =
  | { readonly ok: true; readonly sha256: Sha256; readonly fleet: Fleet }
  | { readonly ok: false; readonly sha256: Sha256; readonly problems: readonly FleetProblem[] };

const ATTENTION_KEY = 'fleet-file';

const closed = (because: string, at: string): SideFact => ({
  type: 'attention.closed',
  data: { key: ATTENTION_KEY, because },
  at,
});

/** A good file comes into force; a bad one is named with its problems and the last good one stays. The same again is nothing. */
export function decideFleet(
  reading: FleetReading,
  state: FleetState,
  now: string,
): Decision<FleetFact> {
  const { sha256 } = reading;
  if (reading.ok) {
    if (state.inForce?.sha256 === sha256 && state.rejected === undefined)
      return ignored('in force already');
    return {
      outcome: 'accepted',
      events: [{ type: 'fleet.adopted', data: { sha256, fleet: reading.fleet }, at: now }],
      also: [closed('a good fleet file came into force', now)],
    };
  }
  if (state.rejected === sha256) return ignored('refused already');
  const [first] = reading.problems;
  return {
    outcome: 'accepted',
    events: [
      { type: 'fleet.rejected', data: { sha256, problems: [...reading.problems] }, at: now },
    ],
    also: [
      // The item of an earlier bad file names lines that are of no interest any more.
      ...(state.rejected === undefined ? [] : [closed('another fleet file was read', now)]),
      {
        type: 'attention.opened',
        at: now,
        data: {
          key: ATTENTION_KEY,
          kind: 'fleet-file-rejected',
          title: 'The fleet file has errors; the last good one stays in force',
          detail: reading.problems
            .map((p) => `line ${p.line}, column ${p.column}, ${p.path || '(whole)'}: ${p.message}`)
            .join('\n')
            .slice(0, 4_000),
          todo:
            first === undefined
              ? 'Mend the file.'
              : `Mend line ${first.line} (${first.path}) and save the file again.`,
        },
      },
    ],
  };
}
