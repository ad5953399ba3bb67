/** The lines below one key of a YAML mapping, as Puppet's own writer lays them out. */
export interface Section {
  readonly head: string;
  readonly body: readonly string[];
}

/** Where lines begin that open a new key at some indentation; Puppet's writer never puts other text there. */
function opensKey(line: string, indent: number): boolean {
  if (!line.startsWith(' '.repeat(indent))) return false;
  const first = line[indent];
  return first !== undefined && first !== ' ' && first !== '-' && first !== '#' && first !== '}';
}

/** Cuts lines into the keys that stand at one indentation, without understanding what is below them. */
export function sectionsAt(lines: readonly string[], indent: number): readonly Section[] {
  const sections: { head: string; body: string[] }[] = [];
  for (const line of lines) {
    // A long key is written `? |-`, its value `: title: ...`: both belong to the section the `?` opened.
    const continues = line[indent] === ':' || line[indent] === '-';
    if (opensKey(line, indent) && !continues) sections.push({ head: line, body: [] });
    else sections.at(-1)?.body.push(line);
  }
  return sections;
}

/** The plain value behind `key:` in a section's first line: quotes and an empty value are understood, nothing else. */
export function scalarOf(section: Section | undefined): string | undefined {
  if (section === undefined) return undefined;
  const text = section.head.slice(section.head.indexOf(':') + 1).trim();
  const single = /^'(.*)'$/.exec(text)?.[1];
  if (single !== undefined) return single.replaceAll("''", "'");
  const double = /^"(.*)"$/.exec(text)?.[1];
  if (double !== undefined) return double.replaceAll(/\\(["\\])/g, '$1');
  return text === '' || text === 'null' || text === '~' ? undefined : text;
}

/** The sections by name. */
export function byKey(sections: readonly Section[]): ReadonlyMap<string, Section> {
  return new Map(sections.map((s) => [s.head.trim().split(':', 1)[0] ?? '', s]));
}
