import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';

/** Programs that pack metadata, by the ending they give. */
const PACKERS: Readonly<Record<string, readonly string[]>> = {
  gz: ['gzip', '-1', '-c'],
  xz: ['xz', '-0', '-c'],
  zst: ['zstd', '-q', '-1', '-c'],
};
export type Ending = 'gz' | 'xz' | 'zst';
export const ENDINGS: readonly Ending[] = ['gz', 'xz', 'zst'];

/** Packs what a source gives with the program of an ending. */
export async function packed(ending: Ending, source: Iterable<Buffer>): Promise<Buffer> {
  const [program = '', ...args] = PACKERS[ending] ?? [];
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  const read = (async () => {
    for await (const chunk of child.stdout) chunks.push(chunk as Buffer);
  })();
  await pipeline(Readable.from(source), child.stdin);
  await read;
  return Buffer.concat(chunks);
}

/** One package as `primary.xml` lists it. */
export function packageXml(name: string, version: string): string {
  const sum = createHash('sha256').update(`${name}-${version}`).digest('hex');
  return `<package type="rpm"><name>${name}</name><arch>noarch</arch><version epoch="0" ver="${version}" rel="1"/>
<checksum type="sha256" pkgid="YES">${sum}</checksum><summary>A package</summary><time file="1" build="1"/>
<size package="1" installed="1" archive="1"/><location href="${name}-${version}.rpm"/><format><rpm:license>MIT</rpm:license></format></package>
`;
}

export const primaryXml = (...versions: string[]): string =>
  HEAD + versions.map((version) => packageXml('shop', version)).join('') + TAIL;
const HEAD =
  '<?xml version="1.0" encoding="UTF-8"?>\n<metadata xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="http://linux.duke.edu/metadata/rpm">\n';
const TAIL = '</metadata>\n';

/** A list of many packages of other names and one of ours: gzip members, so that it costs nothing to make. */
export function manyPackages(thousands: number): Buffer {
  const thousand = Array.from({ length: 1_000 }, (_, at) => packageXml(`other${at}`, '1')).join('');
  const member = gzipSync(thousand);
  const last = gzipSync(packageXml('shop', '1') + TAIL);
  return Buffer.concat([gzipSync(HEAD), ...Array.from({ length: thousands }, () => member), last]);
}

/** An index that names a list of packages. */
export function repomdXml(path: string, bytes: Buffer, revision = 1_700_000_000): string {
  const sum = createHash('sha256').update(bytes).digest('hex');
  return `<?xml version="1.0"?><repomd><revision>${revision}</revision><data type="primary">
<checksum type="sha256">${sum}</checksum><location href="${path}"/><timestamp>${revision}</timestamp><size>${bytes.length}</size></data></repomd>`;
}
