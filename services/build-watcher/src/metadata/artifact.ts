import { BuildObserved, buildKey, StreamKey, type DataOf } from '@gantry/contracts';
import { z } from 'zod';
import { originOf } from './origin.js';
import { MAX_NAMES, type Relations } from './relations.js';
import { SafePath } from './safe-path.js';

/** A build as a repository shows it. */
export type Artifact = DataOf<typeof BuildObserved>;

/** What `primary.xml` says of a package, as text; absent is empty. */
export interface RawPackage {
  readonly type: string;
  readonly name: string;
  readonly arch: string;
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
  readonly checksumType: string;
  readonly checksum: string;
  readonly builtAt: string;
  readonly sizeBytes: string;
  readonly location: string;
  readonly description: string;
  readonly packager: string;
}

const text = z.string().min(1);
const count = z
  .string()
  .regex(/^\d{1,15}$/, 'is not a number of 0 or more')
  .transform(Number);
const Package = z
  .object({
    type: z.literal('rpm'),
    name: text,
    arch: text,
    epoch: z.string(),
    version: text,
    release: text,
    checksumType: z.literal('sha256'),
    checksum: text,
    builtAt: count.refine((seconds) => seconds < 253_402_300_800, 'is after the year 9999'),
    sizeBytes: count,
    location: SafePath,
  })
  .transform(({ name, arch, epoch, version, release, checksum, builtAt, sizeBytes, location }) => ({
    name,
    arch,
    evr: evrOf(epoch, version, release),
    sha256: checksum,
    sizeBytes,
    builtAt: new Date(builtAt * 1_000).toISOString(),
    location,
  }));

/** The build that an entry describes, or why it is none. */
export function artifactOf(
  raw: RawPackage,
  repository: string,
  relations: Relations,
): Artifact | string {
  const read = Package.safeParse(raw);
  if (!read.success) return reasons(read.error);
  const inspection = relations.of(raw.name);
  if (inspection === undefined) return `provides or obsoletes more than ${MAX_NAMES} plain names`;
  const origin = originOf(raw);
  const artifact = BuildObserved.schema.safeParse({
    repository,
    ...read.data,
    ...(origin === undefined ? {} : { origin }),
    ...(Object.keys(inspection).length === 0 ? {} : { inspection }),
  });
  if (!artifact.success) return reasons(artifact.error);
  const { name, evr } = artifact.data;
  const hasStream = StreamKey.safeParse(`build-${buildKey(name, evr)}`).success;
  return hasStream ? artifact.data : 'name and version together are too long';
}

/** The one form that Puppet's dnf provider takes: an epoch of 0 is not written. */
function evrOf(epoch: string, version: string, release: string): string {
  const written = `${version}-${release}`;
  return /^0*$/.test(epoch) ? written : `${epoch}:${written}`;
}

const reasons = (error: z.ZodError): string =>
  error.issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.join('.')} ${message}`)
    .join('; ');
