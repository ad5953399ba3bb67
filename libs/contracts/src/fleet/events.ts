import { z } from 'zod';
import { defineMessage } from '../define.js';
import { ActorId, Reason, Sha256 } from '../ids.js';
import { Fleet } from './fleet.js';

/** One thing wrong with a fleet file: where it stands and what to do. */
export const FleetProblem = z.object({
  line: z.int().min(0),
  column: z.int().min(0),
  path: z.string().max(500),
  message: z.string().max(1_000),
});
export type FleetProblem = z.infer<typeof FleetProblem>;

/** A fleet file was read, found good, and is in force from here on. */
export const FleetAdopted = defineMessage('event', 'fleet.adopted', {
  sha256: Sha256,
  fleet: Fleet,
});

/** A fleet file was refused; the last adopted one stays in force. */
export const FleetRejected = defineMessage('event', 'fleet.rejected', {
  sha256: Sha256,
  problems: z.array(FleetProblem).min(1).max(100),
});

/** One thing that a fleet change takes away: where it stood, and what becomes of it. */
export const FleetLoss = z.object({
  path: z.string().min(1).max(500),
  message: z.string().min(1).max(1_000),
});
export type FleetLoss = z.infer<typeof FleetLoss>;

/** A good fleet file that takes away too much to come into force by itself; the last accepted fleet stays until a person accepts this one. */
export const FleetChangeHeld = defineMessage('event', 'fleet.change-held', {
  sha256: Sha256,
  fleet: Fleet,
  /** At most 100 of them; `lossCount` is how many there are. */
  losses: z.array(FleetLoss).min(1).max(100),
  lossCount: z.int().min(1),
});

const change = { sha256: Sha256, reason: Reason };
/** A person lets the fleet change with this hash come into force, and no other. */
export const AcceptFleetChange = defineMessage('command', 'fleet.accept-change', change);
/** A person has accepted the fleet change with this hash: it comes into force with the next event. */
export const FleetChangeAccepted = defineMessage('event', 'fleet.change-accepted', {
  ...change,
  by: ActorId,
});

/** Every message about the fleet file. */
export const FLEET_MESSAGES = [
  FleetAdopted,
  FleetRejected,
  FleetChangeHeld,
  AcceptFleetChange,
  FleetChangeAccepted,
] as const;
