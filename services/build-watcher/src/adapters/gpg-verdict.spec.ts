import { describe, expect, it } from '@jest/globals';
import { gpgFault } from './gpg-verdict.js';

const status = (...words: string[]): string =>
  words.map((word) => `[GNUPG:] ${word} x y\n`).join('');

describe('what gpgv found', () => {
  it('is good only with every sign of it', () => {
    expect(gpgFault(status('NEWSIG', 'GOODSIG', 'VALIDSIG'), 0)).toBeUndefined();
  });

  it.each<[string, string, number | null]>([
    ['H-079 an expired key, though gpgv ends well', status('EXPKEYSIG', 'VALIDSIG'), 0],
    ['H-079 a revoked key', status('REVKEYSIG', 'VALIDSIG'), 0],
    ['H-079 an expired signature', status('EXPSIG', 'VALIDSIG'), 0],
    ['H-079 a good signature beside one that is not', status('GOODSIG', 'VALIDSIG', 'ERRSIG'), 0],
    ['H-079 good words and a bad end', status('GOODSIG', 'VALIDSIG'), 2],
    ['H-079 an end by a signal', status('GOODSIG', 'VALIDSIG'), null],
    ['H-079 silence', '', 0],
    ['H-079 words that only look like status', 'GOODSIG VALIDSIG\n', 0],
  ])('is not good: %s', (_name, said, code) => {
    expect(gpgFault(said, code)).toEqual(expect.any(String));
  });
});
