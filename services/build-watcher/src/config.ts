import { PackageName } from '@gantry/contracts';
import { brokerEnv, httpEnv } from '@gantry/service-kit';
import { z } from 'zod';
import type { ReadLimits } from './metadata/read-limits.js';

/** One yum repository and the packages of it that are of interest. */
export const RepositoryConfig = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, {
    error: 'lower-case letters, digits and hyphens, at most 63',
  }),
  /** The folder that holds `repodata/`. */
  url: z.url({ protocol: /^(?:https?|file)$/, error: 'an http, https or file URL' }),
  packages: z.array(PackageName).min(1),
  /** Keys that may sign the index; with it, an index without a good signature is refused. */
  keyring: z
    .string()
    .regex(/^\//, {
      error: 'an absolute path of a file that gpgv reads (gpg --export, not armored)',
    })
    .optional(),
  /** Keys that may sign packages; with it every package is fetched and inspected before it is announced. */
  packageKeyring: z
    .string()
    .regex(/^\//, {
      error: 'an absolute path of a file that rpm --import takes (gpg --armor --export)',
    })
    .optional(),
  pollMs: z.int().min(100).max(3_600_000).default(10_000),
});
export type RepositoryConfig = z.infer<typeof RepositoryConfig>;

const Repositories = z
  .array(RepositoryConfig)
  .min(1)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, {
    error: 'two repositories have the same name',
  });

const atMost = (max: number, usual: number) =>
  z.coerce.number().int().min(1).max(max).default(usual);
const MIB = 1024 * 1024;

/** What one read of a repository may cost. */
const limitsEnv = {
  GANTRY_METADATA_MAX_PACKED_BYTES: atMost(64 * 1024 * MIB, 512 * MIB),
  GANTRY_METADATA_MAX_OPEN_BYTES: atMost(1024 * 1024 * MIB, 8 * 1024 * MIB),
  GANTRY_METADATA_MAX_RATIO: atMost(100_000, 200),
  GANTRY_METADATA_MAX_PACKAGES: atMost(100_000_000, 1_000_000),
  GANTRY_METADATA_MAX_BUILDS: atMost(1_000_000, 20_000),
  GANTRY_METADATA_MAX_MS: atMost(3_600_000, 300_000),
};

/** What build-watcher reads from its environment. */
export const BuildWatcherConfig = z.object({
  ...brokerEnv,
  ...httpEnv,
  ...limitsEnv,
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
  /** Larger packages cannot be inspected, and are not announced where they have to be. */
  GANTRY_PACKAGE_MAX_BYTES: atMost(64 * 1024 * MIB, 2 * 1024 * MIB),
  /** Where it is kept how far each repository was seen; must outlive the process, and be this replica's own. */
  GANTRY_CURSOR_DIR: z.string().regex(/^\//, { error: 'an absolute path' }),
  /** How often everything is announced again: a consumer may not have had its queue yet, or the broker lost its store. */
  GANTRY_REANNOUNCE_MS: z.coerce.number().int().min(1_000).max(86_400_000).default(60_000),
});
export type BuildWatcherConfig = z.infer<typeof BuildWatcherConfig>;

/** The limits of one read, as the metadata reader takes them. */
export const readLimitsOf = (config: BuildWatcherConfig): ReadLimits => ({
  packedBytes: config.GANTRY_METADATA_MAX_PACKED_BYTES,
  openBytes: config.GANTRY_METADATA_MAX_OPEN_BYTES,
  ratio: config.GANTRY_METADATA_MAX_RATIO,
  packages: config.GANTRY_METADATA_MAX_PACKAGES,
  builds: config.GANTRY_METADATA_MAX_BUILDS,
  ms: config.GANTRY_METADATA_MAX_MS,
});
