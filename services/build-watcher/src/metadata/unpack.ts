import { gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import { torn, unusable } from '../ports/repository-error.js';

const NOT_YET = /\.(xz|zst|bz2)$/;

/** Unpacks metadata by the file's ending, up to a size. */
export async function unpack(path: string, bytes: Buffer, maxBytes: number): Promise<string> {
  const other = NOT_YET.exec(path)?.[1];
  if (other !== undefined)
    throw unusable(
      `${path} is compressed with ${other}, which is not supported yet; run createrepo_c with --general-compress-type=gz`,
    );
  if (!path.endsWith('.gz')) return bytes.toString('utf8');
  try {
    return (await promisify(gunzip)(bytes, { maxOutputLength: maxBytes })).toString('utf8');
  } catch (cause) {
    const tooLarge =
      typeof cause === 'object' &&
      cause !== null &&
      'code' in cause &&
      cause.code === 'ERR_BUFFER_TOO_LARGE';
    throw tooLarge
      ? unusable(`${path} unpacks to more than ${maxBytes} bytes`)
      : torn(`${path} cannot be unpacked`);
  }
}
