import type { FoundPlace } from './seen-place.js';

/** A pool that would have too few members left. */
export interface Shortage {
  readonly pool: string;
  readonly left: number;
  readonly minimum: number;
}

const leftWithout = ({ others }: FoundPlace): number =>
  others.filter((other) => other.inService).length;

const short = (seen: FoundPlace): boolean => leftWithout(seen) < (seen.place.minInService ?? 0);

/**
 * The first pool that would be left with too few members in service if the host went out now. A host that takes no traffic
 * there costs nothing: it may be down, or out already (the request came twice).
 */
export function shortageWithout(seen: readonly FoundPlace[]): Shortage | undefined {
  const found = seen.find((each) => each.member.takesTraffic && short(each));
  return found && shortageOf(found);
}

/** What to do after the host was taken out, seeing what the pools show then. */
export type AfterSet =
  { readonly verdict: 'keep' } | { readonly verdict: 'wait' | 'undo'; readonly shortage: Shortage };

/**
 * Another replica may have taken another host out between our look and our write. Whoever sees its pool short afterwards
 * undoes, so the minimum holds whatever the order; only the alphabetically first of the rivals looks a few times more before
 * it does (`patient`), so that usually one of them stays out.
 */
export function afterSet(
  before: readonly FoundPlace[],
  now: readonly FoundPlace[],
  patient: boolean,
): AfterSet {
  const index = now.findIndex(
    (each, at) => before[at]?.member.takesTraffic === true && short(each),
  );
  const lacking = now[index];
  const earlier = before[index];
  if (!lacking || !earlier) return { verdict: 'keep' };
  const shortage = shortageOf(lacking);
  const rivals = lacking.others.filter(({ member, admin }) => {
    const was = earlier.others.find((other) => other.member === member);
    return was?.takesTraffic === true && admin !== 'in';
  });
  const first = rivals.length > 0 && rivals.every(({ member }) => lacking.member.member < member);
  return { verdict: first && patient ? 'wait' : 'undo', shortage };
}

/** A shortage in words, with what to do about it. */
export function shortageText({ pool, left, minimum }: Shortage): string {
  return (
    `pool ${pool} would be left with ${left} members in service, and needs ${minimum}. ` +
    'Nothing stays changed; bring other members back first, or lower the minimum.'
  );
}

function shortageOf(seen: FoundPlace): Shortage {
  return {
    pool: seen.place.pool,
    left: leftWithout(seen),
    minimum: seen.place.minInService ?? 0,
  };
}
