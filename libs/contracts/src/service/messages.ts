import { z } from 'zod';
import { defineMessage } from '../define.js';
import { Instant } from '../ids.js';

/** A check that does not hold, and why. */
export const FailedCheck = z.object({
  check: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/),
  reason: z.string().min(1).max(500),
});
export type FailedCheck = z.infer<typeof FailedCheck>;

/** A service lives, and whether it can do its work (plain topic, non-persistent, every few seconds). */
export const ServicePresence = defineMessage('notice', 'service.presence', {
  service: z.string().regex(/^[a-z][a-z-]{0,62}$/),
  instance: z.string().min(1).max(128),
  startedAt: Instant,
  /** Empty when it is ready. */
  failing: z.array(FailedCheck).max(20),
});
