import { z } from 'zod';
import { defineMessage } from '../define.js';
import { BuildInspection } from './inspection.js';
import { DeploymentId, Evr, Instant, PackageName, Reason, Sha256 } from '../ids.js';

const printable = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^\P{Cc}+$/u);

/** Where a build comes from, by its own headers, as far as these say: the job that made it, the commit, and who wrote that. */
export const BuildOrigin = z.object({
  job: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional(),
  commit: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/)
    .optional(),
  author: printable(200).optional(),
});
export type BuildOrigin = z.infer<typeof BuildOrigin>;

const artifact = {
  repository: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
  name: PackageName,
  evr: Evr,
  arch: z.string().regex(/^[a-z0-9_]{1,32}$/),
  sha256: Sha256,
  sizeBytes: z.int().min(0),
  builtAt: Instant,
  location: z.string().max(500),
  origin: BuildOrigin.optional(),
  inspection: BuildInspection.optional(),
};

/** build-watcher saw a package in a repository (topic `builds`). Repeated sightings are the same message again. */
export const BuildObserved = defineMessage('observation', 'build.observed', artifact);

/**
 * A newer state of a repository, read whole and proven, does not list a build any more that it listed before, or lists it while
 * its file was not found twice in a row (topic `builds`). Never said of a torn, older or failed read; an empty list has to be
 * confirmed by a second, newer one.
 */
export const BuildGone = defineMessage('observation', 'build.gone', {
  repository: artifact.repository,
  name: artifact.name,
  evr: artifact.evr,
  arch: artifact.arch,
  sha256: artifact.sha256,
});

/** A person or a CI server says that there may be something new: a look at the repository, whatever was said (topic `build.looks`). */
export const LookForBuilds = defineMessage('command', 'build.look', {
  repository: artifact.repository,
});

/** A package entered the log for the first time: it may be deployed from now on. */
export const BuildSeen = defineMessage('event', 'build.seen', artifact);

/** The same NEVRA appeared with other content: not deployable until a person has looked. */
export const BuildChanged = defineMessage('event', 'build.changed', {
  ...artifact,
  pinnedSha256: Sha256,
});

/** What a repository's watcher found in a known build is not what was on record: it was looked into for the first time, or by other keys. */
export const BuildInspected = defineMessage('event', 'build.inspected', {
  repository: artifact.repository,
  name: PackageName,
  evr: Evr,
  sha256: Sha256,
  inspection: BuildInspection,
});

const whereListed = { name: PackageName, evr: Evr, repository: artifact.repository };

/** A repository has a known build, too or again. */
export const BuildListed = defineMessage('event', 'build.listed', whereListed);

/** A repository does not have the build any more. While none has it, no deployment of it begins or goes on. */
export const BuildUnlisted = defineMessage('event', 'build.unlisted', whereListed);

/** The build may not be deployed until a named person lifts it. */
export const BuildQuarantined = defineMessage('event', 'build.quarantined', {
  name: PackageName,
  evr: Evr,
  deploymentId: DeploymentId,
  reason: Reason,
});

/** A named person allowed the build again. */
export const BuildQuarantineLifted = defineMessage('event', 'build.quarantine-lifted', {
  name: PackageName,
  evr: Evr,
  reason: Reason,
});

/** Every message about builds. */
export const BUILD_MESSAGES = [
  BuildObserved,
  BuildGone,
  LookForBuilds,
  BuildSeen,
  BuildChanged,
  BuildQuarantined,
  BuildQuarantineLifted,
  BuildListed,
  BuildUnlisted,
  BuildInspected,
] as const;
