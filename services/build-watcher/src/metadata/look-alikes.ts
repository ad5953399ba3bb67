import type { Artifact } from './artifact.js';

/** Letters that are taken for Latin ones and digits; others only by accident. */
const ALIKE = new Map(
  Object.entries({
    ...{ а: 'a', в: 'b', с: 'c', е: 'e', һ: 'h', і: 'l', ј: 'j', к: 'k', м: 'm', о: 'o', р: 'p' },
    ...{ ѕ: 's', т: 't', у: 'y', х: 'x', α: 'a', ο: 'o', ρ: 'p', ν: 'v', ι: 'l', κ: 'k', τ: 't' },
    ...{ '0': 'o', '1': 'l', i: 'l' },
  }),
);
const MAX_FOUND = 50;

/** What a reader takes a name for: case, separators and look-alike letters do not count. */
const shapeOf = (name: string): string =>
  Array.from(
    name
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll(/[-_.+\s]/g, ''),
  )
    .map((letter) => ALIKE.get(letter) ?? letter)
    .join('');

/** A package that is listed. */
type Listed = Readonly<Record<'name' | 'epoch' | 'version' | 'release', string>>;

/** Notices packages whose names look like watched ones, and whose epoch is above all builds of those. */
export class LookAlikes {
  private readonly shapes: ReadonlyMap<string, string>;
  private readonly seen: {
    readonly like: string;
    readonly epoch: number;
    readonly text: string;
  }[] = [];

  constructor(private readonly watched: ReadonlySet<string>) {
    this.shapes = new Map([...watched].map((name) => [shapeOf(name), name]));
  }

  see({ name, epoch, version, release }: Listed): void {
    if (Number(epoch) === 0 || this.watched.has(name) || this.seen.length >= MAX_FOUND) return;
    const like = this.shapes.get(shapeOf(name));
    if (like === undefined) return;
    const text = `${JSON.stringify(name.slice(0, 128))} ${`${epoch}:${version}-${release}`.slice(0, 128)}`;
    this.seen.push({ like, epoch: Number(epoch), text: `${text} looks like ${like}` });
  }

  /** Those that would win over every build of the name they look like. */
  above(artifacts: readonly Artifact[]): readonly string[] {
    const highest = (name: string) =>
      Math.max(0, ...artifacts.filter((a) => a.name === name).map((a) => epochOf(a.evr)));
    return this.seen.filter(({ like, epoch }) => epoch > highest(like)).map(({ text }) => text);
  }
}

const epochOf = (evr: string): number => Number(/^(\d+):/.exec(evr)?.[1] ?? 0);
