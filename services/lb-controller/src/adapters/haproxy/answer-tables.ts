/** A row of an answer, by column name: HAProxy adds columns with every version, so they are never counted. */
export type Row = ReadonlyMap<string, string>;

/** Rows of `show stat` (CSV with quotes); undefined when the text is not one. */
export function parseStat(text: string): readonly Row[] | undefined {
  const [header = '', ...lines] = text.split('\n').filter((line) => line !== '');
  if (!header.startsWith('# pxname,')) return undefined;
  return rows(header.slice(2).split(','), lines, splitCsv);
}

/** Rows of `show servers state`; undefined when the text is not one of format version 1. */
export function parseServersState(text: string): readonly Row[] | undefined {
  const [version, header = '', ...lines] = text.split('\n').filter((line) => line !== '');
  if (version !== '1' || !header.startsWith('# be_id ')) return undefined;
  return rows(header.slice(2).split(' '), lines, (line) => line.split(' '));
}

/** Fields of `show info`, by name. */
export function parseInfo(text: string): Row {
  const pairs = text.split('\n').map((line) => /^([^:]+): ?(.*)$/.exec(line));
  return new Map(pairs.flatMap((pair) => (pair ? [[pair[1] ?? '', pair[2] ?? '']] : [])));
}

/** A row that is shorter than its header was cut on the way: the whole answer is worth nothing. */
function rows(
  columns: readonly string[],
  lines: readonly string[],
  split: (line: string) => readonly string[],
): readonly Row[] | undefined {
  const found = lines.map(split);
  if (found.some((fields) => fields.length < columns.length)) return undefined;
  return found.map((fields) => new Map(columns.map((name, at) => [name, fields[at] ?? ''])));
}

function splitCsv(line: string): readonly string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}
