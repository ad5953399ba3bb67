/** Why a key is not good any more. */
export type Lapse = 'expired' | 'revoked';

/** Keys that are not good today, by their 16-digit ids, from the lines of `gpg --show-keys --with-colons`: rpm takes them as it takes others. */
export function lapsedKeys(lines: string): ReadonlyMap<string, Lapse> {
  const found = new Map<string, Lapse>();
  let ofPrimary: Lapse | undefined;
  for (const line of lines.split('\n')) {
    const [kind, validity, , , id = ''] = line.split(':');
    if (kind !== 'pub' && kind !== 'sub') continue;
    const own = LAPSES.get(validity ?? '');
    if (kind === 'pub') ofPrimary = own;
    const lapse = own ?? ofPrimary;
    if (lapse !== undefined) found.set(id.toLowerCase(), lapse);
  }
  return found;
}

const LAPSES: ReadonlyMap<string, Lapse> = new Map([
  ['e', 'expired'],
  ['r', 'revoked'],
]);
