import type { PackageSignature } from '@gantry/contracts';

/** One line of `rpmkeys --checksig -v`: `Header V4 RSA/SHA512 Signature, key ID b413cf7a: OK`, `Payload SHA256 digest: BAD (...)`. */
const LINE =
  /^ {4}(?<what>(?<head>Header )?.*?(?<kind>[Ss]ignature|digest)(?:, key ID (?<key>[0-9a-f]{8,40}))?): (?<result>[A-Z]+)/;
const WEAK = /(?:MD5|SHA1) Signature/;
const NO_KEY: ReadonlySet<string> = new Set(['NOKEY', 'NOTTRUSTED']);

interface Line {
  readonly text: string;
  readonly what: string;
  readonly isSignature: boolean;
  readonly isOfHeader: boolean;
  readonly keyId: string;
  readonly result: string;
}

/** What rpmkeys found, whose words are read because its exit code is 0 for an unsigned package too. */
export function checksigVerdict(stdout: string, exitCode: number): PackageSignature {
  const lines = stdout.split('\n').flatMap(lineOf);
  const bad = lines.find(({ result }) => result !== 'OK' && !NO_KEY.has(result));
  if (bad !== undefined) return broken(bad.text);
  const stranger = lines.find(({ result }) => NO_KEY.has(result));
  if (stranger !== undefined) return { verdict: 'other-key', keyId: stranger.keyId };
  if (exitCode !== 0 || lines.length === 0) return broken('rpmkeys cannot read it as a package');
  const signatures = lines.filter(({ isSignature }) => isSignature);
  const [first] = signatures;
  if (first === undefined) return { verdict: 'unsigned' };
  const weak = signatures.find(({ what }) => WEAK.test(what));
  if (weak !== undefined) return broken(`${weak.what}: a digest that can be forged`);
  return isWhole(lines)
    ? { verdict: 'verified', keyId: first.keyId }
    : broken('its signature is over the header alone, which does not pin the payload');
}

/** The header's signature covers the payload only through the digest that stands in the header. */
const isWhole = (lines: readonly Line[]): boolean =>
  lines.some(
    ({ isSignature, isOfHeader, what }) =>
      (isSignature && !isOfHeader) || what.startsWith('Payload SHA'),
  );

function lineOf(text: string): Line[] {
  const found = LINE.exec(text)?.groups;
  if (found === undefined) return [];
  const { what = '', head, kind = '', key = '00000000', result = '' } = found;
  const isSignature = kind !== 'digest';
  return [
    { text: text.trim(), what, isSignature, isOfHeader: head !== undefined, keyId: key, result },
  ];
}

const broken = (detail: string): PackageSignature => ({
  verdict: 'broken',
  detail: detail.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 500),
});
