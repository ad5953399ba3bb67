import { z } from 'zod';
import { ActorId, GroupName } from '../ids.js';
import { durationMs, HOUR } from './duration.js';

/** A group of people, by their actors' ids. */
export const Group = z.array(ActorId).min(1).max(500);

/** Whose consent a plan needs before it begins: never that of whoever asked for it, and never a machine's. */
export const ApprovalRule = z.strictObject({
  /** How many different people. */
  quorum: z.int().min(1).max(10).default(1),
  /** Only people of this group; absent = anybody else. */
  group: GroupName.optional(),
  /** How long a plan waits for it before the deployment ends. */
  expiresAfterMs: durationMs(30 * 24 * HOUR)
    .min(1_000)
    .default(24 * HOUR),
});
export type ApprovalRule = z.infer<typeof ApprovalRule>;
