import { ignored, type Decision, type SideFact } from '../decision.js';
import { decideAcceptance } from './fleet-acceptance.js';
import { closedItem, FLEET_CHANGE_ITEM, FLEET_FILE_ITEM, heldItem } from './fleet-items.js';
import { fleetLosses } from './fleet-losses.js';
import type { FleetFact, FleetInput, FleetReading, FleetState, KnownFleet } from './fleet-state.js';

type Read = Extract<FleetInput, { type: 'fleet.read' }>;

/**
 * A good file comes into force, unless it takes away so much that a person must accept it first; a bad one is named with its problems. In
 * both cases the last accepted one stays. The same again is nothing.
 */
export function decideFleet(
  input: FleetInput,
  state: FleetState,
  now: string,
): Decision<FleetFact> {
  if (input.type === 'fleet.accept-change') return decideAcceptance(input, state, now);
  const { reading } = input;
  return reading.ok ? decideGood(input, reading, state, now) : decideBad(reading, state, now);
}

function decideGood(
  { source, maxRemovedPercent }: Read,
  { sha256, fleet }: KnownFleet,
  state: FleetState,
  now: string,
): Decision<FleetFact> {
  const { inForce, held } = state;
  if (inForce?.sha256 === sha256 && state.rejected === undefined && held === undefined)
    return ignored('in force already');
  const losses = inForce === undefined ? [] : fleetLosses(inForce.fleet, fleet, maxRemovedPercent);
  if (losses.length === 0)
    return {
      outcome: 'accepted',
      events: [{ type: 'fleet.adopted', data: { sha256, fleet }, at: now }],
      also: [
        closedItem(FLEET_FILE_ITEM, 'a good fleet file came into force', now),
        ...closedChange(state, 'another fleet file came into force', now),
      ],
    };
  if (held?.sha256 === sha256) return ignored('held already');
  const lossCount = losses.length;
  const change = { sha256, fleet, losses: losses.slice(0, MOST_LOSSES), lossCount };
  return {
    outcome: 'accepted',
    events: [{ type: 'fleet.change-held', data: change, at: now }],
    also: [
      closedItem(FLEET_FILE_ITEM, 'the fleet file has no errors any more', now),
      ...closedChange(state, 'another fleet file was read', now),
      heldItem({ change, source, now }),
    ],
  };
}

const MOST_LOSSES = 100;

const closedChange = ({ held }: FleetState, because: string, now: string): SideFact[] =>
  held === undefined ? [] : [closedItem(FLEET_CHANGE_ITEM, because, now)];

function decideBad(
  { sha256, problems }: Extract<FleetReading, { ok: false }>,
  state: FleetState,
  now: string,
): Decision<FleetFact> {
  if (state.rejected === sha256) return ignored('refused already');
  const [first] = problems;
  return {
    outcome: 'accepted',
    events: [{ type: 'fleet.rejected', data: { sha256, problems: [...problems] }, at: now }],
    also: [
      // The item of an earlier bad file names lines that are of no interest any more.
      ...(state.rejected === undefined
        ? []
        : [closedItem(FLEET_FILE_ITEM, 'another fleet file was read', now)]),
      ...closedChange(state, 'the fleet file has errors now', now),
      {
        type: 'attention.opened',
        at: now,
        data: {
          key: FLEET_FILE_ITEM,
          kind: 'fleet-file-rejected',
          title: 'The fleet file has errors; the last good one stays in force',
          detail: problems
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
