import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { unpack } from './unpack.js';

describe('unpacking metadata', () => {
  it('goes by the ending', async () => {
    expect(await unpack('p.xml.gz', gzipSync('<a/>'), 100)).toBe('<a/>');
    expect(await unpack('p.xml', Buffer.from('<a/>'), 100)).toBe('<a/>');
  });

  it('stops at the limit, however small the packed file is', async () => {
    const bomb = gzipSync(Buffer.alloc(4_000_000));
    await expect(unpack('p.xml.gz', bomb, 1_000_000)).rejects.toMatchObject({
      code: 'repository.unusable',
    });
  });

  it('takes what is cut or not packed at all for torn', async () => {
    const cut = gzipSync('<a/>').subarray(0, 10);
    for (const bytes of [cut, Buffer.from('<html>')])
      await expect(unpack('p.xml.gz', bytes, 100)).rejects.toMatchObject({
        code: 'repository.torn',
      });
  });
});
