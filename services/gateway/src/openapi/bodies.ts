import { FailedCheck, Finding, QueryReply } from '@gantry/contracts';
import { z } from 'zod';

/** Body of the answer to a command, for the description. */
export const CommandAnswerBody = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('accepted'),
    id: z.string().optional(),
    version: z.int().optional(),
  }),
  z.object({ outcome: z.literal('ignored'), because: z.string(), id: z.string().optional() }),
]);

/** Body of GET /status, for the description. */
export const SystemStatusBody = z.object({
  instance: z.string(),
  broker: z.enum(['connected', 'disconnected', 'unknown']),
  streams: z.int(),
  services: z.array(
    z.object({
      service: z.string(),
      instance: z.string(),
      startedAt: z.string(),
      ageMs: z.int(),
      failing: z.array(FailedCheck),
    }),
  ),
  audit: QueryReply['audit.status.get'].nullable(),
});

/** Body of every answer that is not a success, for the description. */
export const ProblemBody = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  todo: z.string().optional(),
  findings: z.array(Finding).optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
