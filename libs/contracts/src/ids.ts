import { z } from 'zod';

const slug = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** UUID of a deployment: the id of its event stream and its idempotency anchor. */
export const DeploymentId = z.uuid().brand<'DeploymentId'>();
export type DeploymentId = z.infer<typeof DeploymentId>;

/** UUID of a refresh (a Puppet run asked for without a deployment). */
export const RefreshId = z.uuid().brand<'RefreshId'>();
export type RefreshId = z.infer<typeof RefreshId>;

/** A host's certname: lower case, as Puppet's certificates have it. */
export const Certname = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9._-]{0,126}[a-z0-9])?$/,
    'a lower-case certname such as web1.example.net',
  )
  .brand<'Certname'>();
export type Certname = z.infer<typeof Certname>;

/** Name of an application in the fleet file. ASCII on purpose: look-alike letters must not pass. */
export const ApplicationName = z
  .string()
  .regex(slug, 'lower-case letters, digits and hyphens, at most 63')
  .brand<'ApplicationName'>();
export type ApplicationName = z.infer<typeof ApplicationName>;

/** Name of an environment in the fleet file. */
export const EnvironmentName = z
  .string()
  .regex(slug, 'lower-case letters, digits and hyphens, at most 63')
  .brand<'EnvironmentName'>();
export type EnvironmentName = z.infer<typeof EnvironmentName>;

/** Name of a load balancer pool in the fleet file (not the device's own name for it). */
export const PoolName = z
  .string()
  .regex(slug, 'lower-case letters, digits and hyphens, at most 63')
  .brand<'PoolName'>();
export type PoolName = z.infer<typeof PoolName>;

/** Name of a load balancer as lb-controller's configuration knows it. */
export const DeviceName = z
  .string()
  .regex(slug, 'lower-case letters, digits and hyphens, at most 63')
  .brand<'DeviceName'>();
export type DeviceName = z.infer<typeof DeviceName>;

/** Name of a gate in the fleet file. */
export const GateName = z
  .string()
  .regex(slug, 'lower-case letters, digits and hyphens, at most 63')
  .brand<'GateName'>();
export type GateName = z.infer<typeof GateName>;

/** Name of a pipeline in the fleet file. */
export const PipelineName = z
  .string()
  .regex(slug, 'lower-case letters, digits and hyphens, at most 63')
  .brand<'PipelineName'>();
export type PipelineName = z.infer<typeof PipelineName>;

/** Name of a group of people in the fleet file. */
export const GroupName = z
  .string()
  .regex(slug, 'lower-case letters, digits and hyphens, at most 63')
  .brand<'GroupName'>();
export type GroupName = z.infer<typeof GroupName>;

/** UUID of a release: the id of its event stream. */
export const ReleaseId = z.uuid().brand<'ReleaseId'>();
export type ReleaseId = z.infer<typeof ReleaseId>;

/** RPM package name. */
export const PackageName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/, 'an RPM package name')
  .brand<'PackageName'>();
export type PackageName = z.infer<typeof PackageName>;

/** `version-release`, or `epoch:version-release` when the epoch is above 0: the one form Puppet's dnf provider takes. */
export const Evr = z
  .string()
  .max(128)
  .regex(
    /^(?:[1-9][0-9]{0,8}:)?[A-Za-z0-9._+~^]+-[A-Za-z0-9._+~^]+$/,
    'version-release such as 1.2.0-1, with epoch: in front only when it is above 0',
  )
  .brand<'Evr'>();
export type Evr = z.infer<typeof Evr>;

/** SHA-256 of a file, lower-case hex. */
export const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<'Sha256'>();
export type Sha256 = z.infer<typeof Sha256>;

/** Id of one request to a load balancer or a host; repeated sends of the same request carry the same id. */
export const RequestId = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/)
  .brand<'RequestId'>();
export type RequestId = z.infer<typeof RequestId>;

/** Text key of an event stream, `type-id`: travels as `subject` and as the message group. */
export const StreamKey = z
  .string()
  .regex(/^[a-z]+-[A-Za-z0-9._-]{1,128}$/)
  .brand<'StreamKey'>();
export type StreamKey = z.infer<typeof StreamKey>;

/** Opaque id of a person or token; names live in a table that can forget. */
export const ActorId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/)
  .brand<'ActorId'>();
export type ActorId = z.infer<typeof ActorId>;

/** ISO 8601 instant in UTC. */
export const Instant = z.iso.datetime();

/** A person's reason: shown as text everywhere, never put in a header. */
export const Reason = z.string().trim().min(1).max(500);
