import { z } from 'zod';
import { torn, unusable } from '../ports/repository-error.js';
import type { Checksum } from './checked-bytes.js';
import { SafePath } from './safe-path.js';
import { XmlReader } from './xml-reader.js';

/** Where the list of packages is, and what it must hash to. */
export interface PrimaryEntry {
  readonly path: string;
  readonly checksum: Checksum;
  readonly size?: number | undefined;
  readonly openChecksum?: Checksum | undefined;
  readonly openSize?: number | undefined;
}

/** The index of a repository's metadata. */
export interface Repomd {
  /** As written; createrepo_c takes the seconds since 1970, a person may choose anything. */
  readonly revision: string;
  /** When the list of packages was made, in seconds since 1970. */
  readonly timestamp: number;
  readonly primary: PrimaryEntry;
}

type Fields = Record<string, string>;

const DATA_DEPTH = 2;
const FIELD_DEPTH = 3;
const MAX_REVISION = 100;

/** Reads `repomd.xml`. */
export function parseRepomd(text: string): Repomd {
  const { revision, primary } = fieldsOf(text);
  if (!primary)
    throw unusable(
      'repomd.xml has no primary entry; only xml metadata are read (createrepo_c makes them)',
    );
  const read = Primary.safeParse(primary);
  if (!read.success)
    throw unusable(
      `repomd.xml has no usable primary entry: ${read.error.issues[0]?.path.join('.') ?? ''} ${read.error.issues[0]?.message ?? ''}`,
    );
  const { checksum, size, location, timestamp, ...open } = read.data;
  return {
    revision: revision.trim().slice(0, MAX_REVISION),
    timestamp: timestamp ?? 0,
    primary: {
      path: location,
      checksum,
      size,
      openChecksum: open['open-checksum'],
      openSize: open['open-size'],
    },
  };
}

const Sum = z.string().transform((text, context): Checksum => {
  const found = /^(sha256|sha512):([0-9a-f]{64}(?:[0-9a-f]{64})?)$/.exec(text);
  if (found) return { algorithm: found[1] as Checksum['algorithm'], hex: found[2] ?? '' };
  context.addIssue({ code: 'custom', message: 'is no sha256 or sha512 (createrepo_c -s sha256)' });
  return z.NEVER;
});
const count = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const Primary = z.object({
  checksum: Sum,
  'open-checksum': Sum.optional(),
  location: SafePath,
  size: count.optional(),
  'open-size': count.optional(),
  timestamp: z
    .string()
    .regex(/^\d{1,15}(?:\.\d*)?$/)
    .transform(Number)
    .optional(),
});

function fieldsOf(text: string): { revision: string; primary?: Fields } {
  const found = new Map<string, Fields>();
  let revision = '';
  let at: Fields = {};
  let field = '';
  const xml = new XmlReader('repomd.xml', {
    opened: (name, attributes, depth) => {
      if (depth === 1 && name !== 'repomd') throw torn('repomd.xml lists no metadata');
      if (depth === DATA_DEPTH) {
        at = {};
        field = name;
        if (name === 'data') found.set(attributes['type'] ?? '', at);
      }
      if (depth !== FIELD_DEPTH) return;
      field = name;
      if (name === 'location') at[name] = attributes['href'] ?? '';
      else at[name] = attributes['type'] === undefined ? '' : `${attributes['type']}:`;
    },
    text: (piece, depth) => {
      if (depth === DATA_DEPTH && field === 'revision') revision += piece;
      if (depth === FIELD_DEPTH && field !== 'location') at[field] = `${at[field] ?? ''}${piece}`;
    },
    closed: () => (field = ''),
  });
  xml.write(text);
  xml.end();
  const primary = found.get('primary');
  return primary ? { revision, primary } : { revision };
}
