import { z } from 'zod';
import { HoldId, HoldScope, HoldTerms } from '../hold/messages.js';
import { Instant } from '../ids.js';

/** A hold as it stands: who placed it on what, and how it ended. */
export const HoldView = z.object({
  id: HoldId,
  rule: HoldTerms,
  scope: HoldScope,
  reason: z.string(),
  owner: z.string(),
  placedAt: Instant,
  until: Instant.nullable(),
  endedAt: Instant.nullable(),
  /** `expired`, or who lifted it and why; empty while it binds. */
  ended: z.string(),
});
export type HoldView = z.infer<typeof HoldView>;
