type Relation = 'provides' | 'obsoletes';
/** What a package says of other names: plain ones, sorted. */
export type Names = Readonly<Partial<Record<Relation, readonly string[]>>>;

/** More than any honest application; a package with more is refused, for cut short its list could hide something. */
export const MAX_NAMES = 200;
/** What can be the name of a package: not libraries, files or capabilities such as `lib.so()(64bit)` and `config(shop)`. */
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/;
const LIST_DEPTH = 4;
const ENTRY_DEPTH = 5;

/** Gathers the names that a package of `primary.xml` provides and obsoletes, while it is read. */
export class Relations {
  private list: Relation | undefined;
  private readonly names = { provides: new Set<string>(), obsoletes: new Set<string>() };

  opened(element: string, { name = '' }: Readonly<Record<string, string>>, depth: number): void {
    const local = element.slice(element.indexOf(':') + 1);
    if (depth === LIST_DEPTH)
      this.list = local === 'provides' || local === 'obsoletes' ? local : undefined;
    if (depth !== ENTRY_DEPTH || local !== 'entry' || this.list === undefined) return;
    const names = this.names[this.list];
    // One more than is allowed, so that it shows.
    if (PLAIN.test(name) && names.size <= MAX_NAMES) names.add(name);
  }

  /** Names other than the package's own, or undefined when there are too many. */
  of(own: string): Names | undefined {
    const { provides, obsoletes } = this.names;
    if (Math.max(provides.size, obsoletes.size) > MAX_NAMES) return undefined;
    return namesOf({ provides: [...provides], obsoletes: [...obsoletes] }, own);
  }
}

/** The same names whatever their order, without the package's own. */
export function namesOf(lists: Names, own: string): Names {
  const plain = (names: readonly string[] = []) =>
    [...new Set(names)].filter((name) => name !== own && PLAIN.test(name)).sort();
  const [provides, obsoletes] = [plain(lists.provides), plain(lists.obsoletes)];
  return {
    ...(provides.length > 0 && { provides }),
    ...(obsoletes.length > 0 && { obsoletes }),
  };
}
