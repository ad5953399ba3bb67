import { z } from 'zod';
import { defineMessage } from '../define.js';
import { Sha256 } from '../ids.js';
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
