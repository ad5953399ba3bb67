import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BuildInspection, type PackageSignature } from '@gantry/contracts';
import type { KeysNow, PackageKeys } from '../adapters/package-keys.js';
import { RpmTools } from '../adapters/rpm-tools.js';
import type { Artifact } from '../metadata/artifact.js';
import { checkedBytes } from '../metadata/checked-bytes.js';
import { MAX_NAMES, namesOf, type Names } from '../metadata/relations.js';
import { nevraOf } from '../metadata/seen.js';
import type { InspectionStore } from '../ports/inspection-store.port.js';
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
  /** Those that may sign packages. */
  readonly keys: PackageKeys;
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
    const { keys, store, ms } = this.options;
    this.options.signal.throwIfAborted();
    const signal = AbortSignal.any([this.options.signal, AbortSignal.timeout(ms)]);
    const now = await keys.now(signal);
    const key = { package: `${nevraOf(artifact)} ${artifact.sha256}`, keys: now.sum };
    let found = await store.find(key);
    if (found === undefined) {
      found = await this.look(artifact, now, signal);
      await store.keep(key, found);
    }
    return { ...artifact, inspection: merged(artifact, found) };
  }

  private async look(
    artifact: Artifact,
    { lapsed }: KeysNow,
    signal: AbortSignal,
  ): Promise<BuildInspection> {
    const folder = await mkdtemp(join(tmpdir(), 'gantry-package-'));
    try {
      const file = join(folder, 'package.rpm');
      await this.fetch(artifact, file, signal);
      const tools = await RpmTools.withKeys(folder, this.options.keys.file, signal);
      return await inspectionOf(artifact, file, { tools, lapsed });
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
  { tools, lapsed }: { readonly tools: RpmTools } & Pick<KeysNow, 'lapsed'>,
): Promise<BuildInspection> {
  const signature = await tools.checkSignature(file);
  if (signature.verdict !== 'verified') return { signature };
  const identity = await tools.query(file, IDENTITY_QUERY);
  if (!isListedAs(identity, artifact)) return { signature: anotherBuild(identity, artifact) };
  const keyId = keyIdOf(identity) ?? signature.keyId;
  const lapse = lapsed.get(keyId);
  if (lapse !== undefined) return { signature: { verdict: 'other-key', keyId, lapsed: lapse } };
  const { kinds, scripts, ...lists } = contentOf(await tools.query(file, CONTENT_QUERY));
  return BuildInspection.parse({
    signature: { ...signature, keyId },
    ...boundedNames(lists, artifact),
    ...(kinds.length > 0 && {
      scripts: { kinds, reaches: reachesOf(scripts, unitsOf(identity)) },
    }),
  });
}

function anotherBuild(identity: string, artifact: Artifact): PackageSignature {
  const says = identity
    .split('|')
    .slice(0, 3)
    .join(' ')
    .replaceAll(/\p{Cc}/gu, ' ');
  const detail = `it is listed as ${nevraOf(artifact)}, and says of itself that it is ${says}`;
  return { verdict: 'broken', detail: detail.slice(0, 500) };
}

function boundedNames(lists: Names, { name, location }: Artifact): Names {
  const names = namesOf(lists, name);
  const { provides = [], obsoletes = [] } = names;
  if (Math.max(provides.length, obsoletes.length) <= MAX_NAMES) return names;
  throw unusable(`${location} provides or obsoletes more than ${MAX_NAMES} plain names`);
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
