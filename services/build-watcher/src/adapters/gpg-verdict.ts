/** What gpgv found wrong, by the first of its words that says so. */
const FAULTS: readonly (readonly [word: string, fault: string])[] = [
  ['BADSIG', 'does not fit the file'],
  ['EXPKEYSIG', 'is by a key that has expired'],
  ['REVKEYSIG', 'is by a key that was revoked'],
  ['EXPSIG', 'has expired'],
  ['NO_PUBKEY', 'is by a key that is not in the keyring'],
  ['ERRSIG', 'cannot be checked'],
  ['NODATA', 'is no signature'],
];

/** What is wrong with a signature, by gpgv's status lines; undefined when it is good. Exit code 0 alone proves nothing: expired keys have it too. */
export function gpgFault(status: string, exitCode: number | null): string | undefined {
  const words = new Set(
    status
      .split('\n')
      .map((line) => /^\[GNUPG:\] (\S+)/.exec(line)?.[1])
      .filter((word) => word !== undefined),
  );
  const fault = FAULTS.find(([word]) => words.has(word))?.[1];
  if (fault !== undefined) return fault;
  const good = exitCode === 0 && words.has('GOODSIG') && words.has('VALIDSIG');
  return good ? undefined : 'was not found good by gpgv';
}
