import { BuildObserved, type DataOf } from '@gantry/contracts';
import { z } from 'zod';
import { torn } from '../ports/repository-error.js';
import { parseXml } from './parse-xml.js';
import { SafePath } from './safe-path.js';

/** A build as a repository shows it. */
export type Artifact = DataOf<typeof BuildObserved>;

/** What a repository's list of packages holds of the watched names. */
export interface Listing {
  readonly artifacts: readonly Artifact[];
  /** Entries that cannot be used, and why. */
  readonly refused: readonly string[];
}

const text = z.string().min(1);
const Package = z
  .object({
    '@type': z.literal('rpm'),
    name: text,
    arch: text,
    version: z.object({ '@epoch': z.string().default('0'), '@ver': text, '@rel': text }),
    checksum: z.object({ '#text': text, '@type': z.literal('sha256') }),
    time: z.object({ '@build': z.coerce.number().int().min(0) }),
    size: z.object({ '@package': z.coerce.number().int().min(0) }),
    location: z.object({ '@href': SafePath }),
  })
  .transform(({ name, arch, version, checksum, time, size, location }) => ({
    name,
    arch,
    evr: evrOf(version['@epoch'], version['@ver'], version['@rel']),
    sha256: checksum['#text'],
    sizeBytes: size['@package'],
    builtAt: new Date(time['@build'] * 1_000).toISOString(),
    location: location['@href'],
  }));
const Named = z.object({ name: z.string() });
const Primary = z.object({
  metadata: z.object({
    '@packages': z.string().optional(),
    package: z.array(z.unknown()).default([]),
  }),
});

/** Reads `primary.xml`: every version of the watched packages, oldest build first. */
export function parsePrimary(
  xml: string,
  repository: string,
  watched: ReadonlySet<string>,
): Listing {
  const parsed = Primary.safeParse(parseXml('primary.xml', xml));
  if (!parsed.success) throw torn('primary.xml has no list of packages');
  const artifacts: Artifact[] = [];
  const refused: string[] = [];
  for (const entry of parsed.data.metadata.package) {
    const named = Named.safeParse(entry);
    if (!named.success || !watched.has(named.data.name)) continue;
    const artifact = artifactOf(entry, repository);
    if (typeof artifact === 'string') refused.push(`${named.data.name}: ${artifact}`);
    else if (artifact.arch !== 'src') artifacts.push(artifact);
  }
  artifacts.sort((a, b) => a.builtAt.localeCompare(b.builtAt));
  return { artifacts, refused };
}

function artifactOf(entry: unknown, repository: string): Artifact | string {
  const read = Package.safeParse(entry);
  if (!read.success) return reasons(read.error);
  const artifact = BuildObserved.schema.safeParse({ repository, ...read.data });
  return artifact.success ? artifact.data : reasons(artifact.error);
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
