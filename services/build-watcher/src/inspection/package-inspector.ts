import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BuildInspection } from '@gantry/contracts';
import { GantryError } from '@gantry/service-kit';
import { RpmTools } from '../adapters/rpm-tools.js';
import type { Artifact } from '../metadata/artifact.js';
import { checkedBytes } from '../metadata/checked-bytes.js';
import { MAX_NAMES, namesOf } from '../metadata/relations.js';
import { nevraOf } from '../metadata/seen.js';
import type { InspectionKey, InspectionStore } from '../ports/inspection-store.port.js';
import { unusable } from '../ports/repository-error.js';
import type { RepositoryFiles } from '../ports/repository-files.port.js';
import {
  CONTENT_QUERY,
  contentOf,
  IDENTITY_QUERY,
  isListedAs,
  keyIdOf,
  unitsOf,
} from './package-header.js';
import { reachesOf } from './script-reach.js';

/** What packages are inspected with. */
export interface InspectorOptions {
  readonly files: Pick<RepositoryFiles, 'stream'>;
  /** An armored file of the keys that may sign packages. */
  readonly keyring: string;
  readonly store: InspectionStore;
  readonly maxBytes: number;
  /** How long one package may take. */
  readonly ms: number;
  /** Nothing more is looked into from then on. */
  readonly signal: AbortSignal;
}

/** Fetches packages and looks into them: who signed them, and, when that is good, what their headers hold. */
export class PackageInspector {
  constructor(private readonly options: InspectorOptions) {}

  /** The artifact with what was found in its file. Throws where it cannot be fetched as listed, or not be looked into. */
  async inspect(artifact: Artifact): Promise<Artifact> {
    const { keyring, store, ms, signal } = this.options;
    signal.throwIfAborted();
    const key = { package: `${nevraOf(artifact)} ${artifact.sha256}`, keys: await sumOf(keyring) };
    const known = await store.find(key);
    const found =
      known ?? (await this.look(artifact, key, AbortSignal.any([signal, AbortSignal.timeout(ms)])));
    return { ...artifact, inspection: merged(artifact, found) };
  }

  private async look(
    artifact: Artifact,
    key: InspectionKey,
    signal: AbortSignal,
  ): Promise<BuildInspection> {
    const folder = await mkdtemp(join(tmpdir(), 'gantry-package-'));
    try {
      const file = join(folder, 'package.rpm');
      await this.fetch(artifact, file, signal);
      const tools = await RpmTools.withKeys(folder, this.options.keyring, signal);
      const found = await inspectionOf(artifact, file, tools);
      await this.options.store.keep(key, found);
      return found;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** The very file that the list names: only then is it worth a look. */
  private async fetch(
    { location, sizeBytes, sha256 }: Artifact,
    file: string,
    signal: AbortSignal,
  ): Promise<void> {
    const bytes = checkedBytes(this.options.files.stream(location, signal), {
      what: location,
      maxBytes: this.options.maxBytes,
      checksum: { algorithm: 'sha256', hex: sha256 },
      bytes: sizeBytes,
      saidBy: 'primary.xml',
    });
    await pipeline(bytes, createWriteStream(file, { mode: 0o600 }));
  }
}

/** The header of a package is opened only when who made it is known. */
async function inspectionOf(
  artifact: Artifact,
  file: string,
  tools: RpmTools,
): Promise<BuildInspection> {
  const signature = await tools.checkSignature(file);
  if (signature.verdict !== 'verified') return { signature };
  const identity = await tools.query(file, IDENTITY_QUERY);
  if (!isListedAs(identity, artifact)) {
    const says = identity
      .split('|')
      .slice(0, 3)
      .join(' ')
      .replaceAll(/\p{Cc}/gu, ' ');
    const detail = `it is listed as ${nevraOf(artifact)}, and says of itself that it is ${says}`;
    return { signature: { verdict: 'broken', detail: detail.slice(0, 500) } };
  }
  const { kinds, scripts, ...lists } = contentOf(await tools.query(file, CONTENT_QUERY));
  const names = namesOf(lists, artifact.name);
  if (Math.max(names.provides?.length ?? 0, names.obsoletes?.length ?? 0) > MAX_NAMES)
    throw unusable(`${artifact.location} provides or obsoletes more than ${MAX_NAMES} plain names`);
  const keyId = keyIdOf(identity) ?? signature.keyId;
  const reaches = reachesOf(scripts, unitsOf(identity));
  return BuildInspection.parse({
    signature: { ...signature, keyId },
    ...names,
    ...(kinds.length > 0 && { scripts: { kinds, reaches } }),
  });
}

/** The list and the package itself may say different things: both count. */
function merged({ name, inspection = {} }: Artifact, found: BuildInspection): BuildInspection {
  const both = (relation: 'provides' | 'obsoletes') => [
    ...(inspection[relation] ?? []),
    ...(found[relation] ?? []),
  ];
  const names = namesOf({ provides: both('provides'), obsoletes: both('obsoletes') }, name);
  return BuildInspection.parse({ ...found, ...names });
}

async function sumOf(keyring: string): Promise<string> {
  const bytes = await readFile(keyring).catch((cause: unknown) => {
    throw new GantryError(
      'config',
      'repository.unusable',
      `The package keys ${keyring} cannot be read: no package of this repository is announced. Check packageKeyring in GANTRY_REPOSITORIES.`,
      { cause },
    );
  });
  return createHash('sha256').update(bytes).digest('hex');
}
