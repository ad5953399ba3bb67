import { z } from 'zod';
import { torn, unusable } from '../ports/repository-error.js';
import { parseXml } from './parse-xml.js';
import { SafePath } from './safe-path.js';

/** Where the list of packages is, and what it must hash to. */
export interface PrimaryEntry {
  readonly path: string;
  readonly algorithm: 'sha256' | 'sha512';
  readonly checksum: string;
}

const Data = z.object({
  '@type': z.string(),
  checksum: z.object({ '#text': z.string().regex(/^[0-9a-f]+$/), '@type': z.string() }),
  location: z.object({ '@href': SafePath }),
});
const Repomd = z.object({ repomd: z.object({ data: z.array(z.unknown()) }) });

/** Reads `repomd.xml`, the index of a repository's metadata. */
export function parseRepomd(text: string): PrimaryEntry {
  const parsed = Repomd.safeParse(parseXml('repomd.xml', text));
  if (!parsed.success) throw torn('repomd.xml lists no metadata');
  const entries = parsed.data.repomd.data.map((entry) => Data.safeParse(entry));
  const primary = entries.find(({ success, data }) => success && data['@type'] === 'primary')?.data;
  if (!primary)
    throw unusable(
      'repomd.xml has no usable primary entry; only xml metadata are read (createrepo_c makes them)',
    );
  const { '#text': checksum, '@type': algorithm } = primary.checksum;
  if (algorithm !== 'sha256' && algorithm !== 'sha512')
    throw unusable(
      `repomd.xml uses ${algorithm} checksums; run createrepo_c with --checksum sha256`,
    );
  return { path: primary.location['@href'], algorithm, checksum };
}
