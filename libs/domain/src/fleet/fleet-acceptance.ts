import { ignored, refused, type Decision } from '../decision.js';
import { isAutomation } from '../deployment/decisions/approval.js';
import type { FleetFact, FleetInput, FleetState } from './fleet-state.js';
import { closedItem, FLEET_CHANGE_ITEM } from './fleet-items.js';

type Acceptance = Extract<FleetInput, { type: 'fleet.accept-change' }>;

/** A person accepts the change that is held, and no other: what comes into force is what the log has of it, whatever the file says by now. */
export function decideAcceptance(
  { data: { sha256, reason }, by }: Acceptance,
  { inForce, held }: FleetState,
  now: string,
): Decision<FleetFact> {
  if (isAutomation(by))
    return refused(
      'conflict',
      'approver-is-automation',
      `${by} is no person, and a fleet change must be accepted by one`,
      'Ask somebody who knows what the change is for.',
    );
  if (held?.sha256 === sha256)
    return {
      outcome: 'accepted',
      events: [
        { type: 'fleet.change-accepted', data: { sha256, reason, by }, at: now },
        { type: 'fleet.adopted', data: { sha256, fleet: held.fleet }, at: now },
      ],
      also: [closedItem(FLEET_CHANGE_ITEM, `${by} accepted it: ${reason}`.slice(0, 500), now)],
    };
  if (inForce?.sha256 === sha256) return ignored('it is in force already');
  return refused(
    'conflict',
    'fleet-change-not-held',
    held === undefined
      ? `no fleet change is held, so none with the hash ${sha256} can be accepted`
      : `the fleet change that is held has the hash ${held.sha256}, not ${sha256}`,
    'Look at what is held now: gantry fleet.',
  );
}
