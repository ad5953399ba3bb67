import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** Requirements and files of one package: about what a package of Debian's or Fedora's size of metadata has. */
const ENTRIES = 12;
const CHUNK = 500;

/** Makes a repository whose list holds so many packages, five of them builds of `shop`. */
export async function manyPackages(folder: string, count: number): Promise<void> {
  const repodata = join(folder, 'repodata');
  await mkdir(repodata, { recursive: true });
  const sums = { open: createHash('sha256'), packed: createHash('sha256') };
  const sizes = { open: 0, packed: 0 };
  const path = join(repodata, 'primary.xml.gz');
  await pipeline(
    Readable.from(textOf(count)),
    noting(sums.open, (bytes) => (sizes.open += bytes)),
    createGzip({ level: 1 }),
    noting(sums.packed, (bytes) => (sizes.packed += bytes)),
    createWriteStream(path),
  );
  await writeFile(
    join(repodata, 'repomd.xml'),
    `<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo"><revision>1700000000</revision><data type="primary">
<checksum type="sha256">${sums.packed.digest('hex')}</checksum><open-checksum type="sha256">${sums.open.digest('hex')}</open-checksum>
<location href="repodata/primary.xml.gz"/><timestamp>1700000000</timestamp><size>${sizes.packed}</size><open-size>${sizes.open}</open-size></data></repomd>
`,
  );
}

const noting = (sum: ReturnType<typeof createHash>, size: (bytes: number) => void) =>
  async function* note(source: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
    for await (const piece of source) {
      const bytes = Buffer.from(piece);
      sum.update(bytes);
      size(bytes.length);
      yield bytes;
    }
  };

function* textOf(count: number): Generator<string> {
  yield `<?xml version="1.0" encoding="UTF-8"?>
<metadata xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="http://linux.duke.edu/metadata/rpm" packages="${count}">
`;
  const every = Math.floor(count / 5);
  for (let from = 0; from < count; from += CHUNK) {
    const numbers = Array.from({ length: Math.min(CHUNK, count - from) }, (_, at) => from + at);
    yield numbers
      .map((n) => (n % every === 0 ? packageXml('shop', n) : packageXml(`other-${n}`, n)))
      .join('');
  }
  yield '</metadata>\n';
}

function packageXml(name: string, number: number): string {
  const sum = createHash('sha256').update(`${name} ${number}`).digest('hex');
  const entries = Array.from(
    { length: ENTRIES },
    (_, at) =>
      `<rpm:entry name="lib${name}-${at}.so.1()(64bit)" flags="GE" epoch="0" ver="1.${at}"/>`,
  ).join('');
  return `<package type="rpm"><name>${name}</name><arch>noarch</arch><version epoch="0" ver="1.${number}" rel="1"/>
<checksum type="sha256" pkgid="YES">${sum}</checksum><summary>The ${name} package</summary><description>It does what ${name} does, and a little more than one line of text says of it.</description>
<packager>Builders &lt;builders@example.net&gt;</packager><url>https://example.net/${name}</url><time file="1700000000" build="${1_600_000_000 + number}"/>
<size package="${10_000 + number}" installed="${40_000 + number}" archive="${41_000 + number}"/><location href="Packages/${name}-1.${number}-1.noarch.rpm"/>
<format><rpm:license>MIT</rpm:license><rpm:provides>${entries}</rpm:provides><rpm:requires>${entries}</rpm:requires><file>/usr/share/${name}/file</file></format></package>
`;
}
