import { z } from 'zod';

/**
 * What a command answers: `accepted` is in the log; `ignored` had no effect and says why. `id` names what was
 * made; a view of that `version` or a later one shows its effect.
 */
export const CommandAnswer = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('accepted'),
    id: z.string().optional(),
    version: z.int().optional(),
  }),
  z.object({ outcome: z.literal('ignored'), because: z.string(), id: z.string().optional() }),
]);
export type CommandAnswer = z.infer<typeof CommandAnswer>;

/** How the machine itself fares; `audit` is null while the read models do not answer. */
export const SystemStatus = z.object({
  instance: z.string(),
  broker: z.enum(['connected', 'disconnected', 'unknown']),
  streams: z.int(),
  /** What services told of themselves lately; `failing` is empty for one that is ready. */
  services: z
    .array(
      z.object({
        service: z.string(),
        instance: z.string(),
        startedAt: z.string(),
        ageMs: z.int(),
        failing: z.array(z.object({ check: z.string(), reason: z.string() })),
      }),
    )
    .default([]),
  audit: z
    .object({
      position: z.string().nullable(),
      lagEvents: z.int(),
      parkedProjection: z.string().nullable(),
    })
    .nullable(),
});
export type SystemStatus = z.infer<typeof SystemStatus>;
