import { z } from 'zod';

const Actions = z
  .array(
    z
      .object({
        parameters: z.array(z.object({ name: z.string(), value: z.unknown() })).optional(),
      })
      .nullable(),
  )
  .default([]);
export type Actions = z.infer<typeof Actions>;

/** `queue/api/json`. */
export const Queue = z.object({ items: z.array(z.object({ id: z.int(), actions: Actions })) });
/** `job/X/api/json`, its builds. */
export const Builds = z.object({
  builds: z.array(z.object({ number: z.int(), actions: Actions })),
});
/** `job/X/api/json`, its parameters. */
export const Job = z.object({
  property: z
    .array(
      z
        .object({ parameterDefinitions: z.array(z.object({ name: z.string() })).optional() })
        .nullable(),
    )
    .default([]),
});
/** `queue/item/N/api/json`. */
export const QueueItem = z.object({
  cancelled: z.boolean().optional(),
  executable: z.object({ number: z.int() }).nullish(),
});
/** `job/X/N/api/json`. */
export const Build = z.object({ building: z.boolean(), result: z.string().nullable() });
/** `crumbIssuer/api/json`. */
export const Crumb = z.object({ crumbRequestField: z.string(), crumb: z.string() });
