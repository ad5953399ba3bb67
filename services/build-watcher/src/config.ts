import { PackageName } from '@gantry/contracts';
import { brokerEnv, httpEnv } from '@gantry/service-kit';
import { z } from 'zod';

/** One yum repository and the packages of it that are of interest. */
export const RepositoryConfig = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, {
    error: 'lower-case letters, digits and hyphens, at most 63',
  }),
  /** The folder that holds `repodata/`. */
  url: z.url({ protocol: /^(?:https?|file)$/, error: 'an http, https or file URL' }),
  packages: z.array(PackageName).min(1),
  pollMs: z.int().min(100).max(3_600_000).default(10_000),
});
export type RepositoryConfig = z.infer<typeof RepositoryConfig>;

const Repositories = z
  .array(RepositoryConfig)
  .min(1)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, {
    error: 'two repositories have the same name',
  });

/** What build-watcher reads from its environment. */
export const BuildWatcherConfig = z.object({
  ...brokerEnv,
  ...httpEnv,
  GANTRY_REPOSITORIES: z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' });
        return z.NEVER;
      }
    })
    .pipe(Repositories),
  /** How often everything is announced again: a consumer may not have had its queue yet, or the broker lost its store. */
  GANTRY_REANNOUNCE_MS: z.coerce.number().int().min(1_000).max(86_400_000).default(60_000),
});
export type BuildWatcherConfig = z.infer<typeof BuildWatcherConfig>;
