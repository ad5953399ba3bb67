import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { isGantryError } from '@gantry/service-kit';
import { throughProgram } from '../adapters/through-program.js';
import { torn, unusable } from '../ports/repository-error.js';

type Bytes = AsyncIterable<Uint8Array>;

const CHUNK = 64 * 1024;
/** Enough for the strongest usual presets (xz -9: 65 MiB, zstd without --long: 128 MiB). */
const MEMORY = '160MiB';

type Unpacker = (path: string, packed: Bytes) => Bytes;

const UNPACKERS: ReadonlyMap<string, Unpacker> = new Map<string, Unpacker>([
  ['xml', (_path, packed) => packed],
  ['gz', gunzipped],
  [
    'xz',
    (what, packed) => {
      const args = ['--decompress', '--stdout', '--format=xz', `--memlimit-decompress=${MEMORY}`];
      return throughProgram({ what, program: 'xz', args, debianPackage: 'xz-utils' }, packed);
    },
  ],
  [
    'zst',
    (what, packed) => {
      const args = ['--decompress', '--stdout', '--quiet', `--memory=${MEMORY}`];
      return throughProgram({ what, program: 'zstd', args, debianPackage: 'zstd' }, packed);
    },
  ],
]);

/** Unpacks bytes as they come, by the ending of their file's name. */
export function openBytes(path: string, packed: Bytes): Bytes {
  const unpack = UNPACKERS.get(path.slice(path.lastIndexOf('.') + 1));
  if (unpack) return unpack(path, packed);
  throw unusable(
    `${path} is not packed with gz, xz or zst; run createrepo_c with --general-compress-type=gz`,
  );
}

async function* gunzipped(path: string, packed: Bytes): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: CHUNK });
  const source = Readable.from(packed, { objectMode: false });
  source.on('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  try {
    for await (const chunk of gunzip) yield chunk as Uint8Array;
  } catch (cause) {
    throw isGantryError(cause) ? cause : torn(`${path} cannot be unpacked`, cause);
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}
