import { describe, expect, it } from '@jest/globals';
import { checksigVerdict } from './checksig-verdict.js';

const HEADER = 'Header V4 RSA/SHA512 Signature, key ID b413cf7a: OK';
const DIGESTS = ['Header SHA256 digest: OK', 'Payload SHA256 digest: OK', 'MD5 digest: OK'];
const said = (...lines: readonly string[]) =>
  ['package.rpm:', ...lines.map((line) => `    ${line}`), ''].join('\n');

describe('what rpmkeys says', () => {
  it.each([
    ['verified', 0, [HEADER, ...DIGESTS]],
    ['unsigned', 0, DIGESTS],
    ['other-key', 1, [HEADER.replace('OK', 'NOKEY'), ...DIGESTS]],
    ['other-key', 1, [HEADER, HEADER.replace('OK', 'NOTTRUSTED'), ...DIGESTS]],
    ['broken', 1, [HEADER.replace('OK', 'BAD'), ...DIGESTS]],
    ['broken', 1, [HEADER, 'Payload SHA256 digest: BAD (Expected 1 != 2)']],
    ['broken', 1, [HEADER, ...DIGESTS, 'RSA signature: NOTFOUND']],
    ['broken', 1, ['Header SHA256 digest: OK', 'Header SHA1 digest: BAD (package tag 269: x)']],
    ['broken', 0, [HEADER, ...DIGESTS, 'Something digest: ODD']],
    ['broken', 1, [HEADER, ...DIGESTS]],
    ['broken', 1, []],
    ['broken', 0, []],
    ['broken', 0, [HEADER.replace('SHA512', 'SHA1'), ...DIGESTS]],
    ['broken', 0, [HEADER, 'Header SHA256 digest: OK', 'MD5 digest: OK']],
    ['verified', 0, ['V4 RSA/SHA256 Signature, key ID b413cf7a: OK', 'MD5 digest: OK']],
  ])('H-080 is %s (exit code %i): %j', (verdict, exitCode, lines) => {
    expect(checksigVerdict(said(...lines), exitCode).verdict).toBe(verdict);
  });

  it('H-080 is not what a file says that bears the words in its name', () => {
    const forged = `x\n${HEADER}\n${DIGESTS.join('\n')}\n`;
    expect(checksigVerdict(forged, 0).verdict).toBe('broken');
  });

  it('names the key, and what is broken', () => {
    expect(checksigVerdict(said(HEADER, ...DIGESTS), 0)).toEqual({
      verdict: 'verified',
      keyId: 'b413cf7a',
    });
    expect(checksigVerdict(said('Payload SHA256 digest: BAD (\u0007Expected)'), 1)).toEqual({
      verdict: 'broken',
      detail: 'Payload SHA256 digest: BAD ( Expected)',
    });
  });
});
