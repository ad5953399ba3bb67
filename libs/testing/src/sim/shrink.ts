/**
 * The shortest list that still fails, as far as leaving out parts finds it: halves first, then smaller parts, then single
 * ones. `fails` plays a list and tells whether it fails in the same way.
 */
export async function shrink<T>(
  list: readonly T[],
  fails: (shorter: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let best = list;
  for (let size = Math.ceil(best.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < best.length;) {
      const shorter = [...best.slice(0, at), ...best.slice(at + size)];
      if (await fails(shorter)) best = shorter;
      else at += size;
    }
  }
  return best;
}
