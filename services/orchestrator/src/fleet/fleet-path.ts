/** Place of a value in a document: keys of mappings and indexes of lists. */
export type DocumentPath = readonly (string | number)[];

/** Something wrong at a place, before it has a line and column. */
export interface FleetIssue {
  readonly path: DocumentPath;
  readonly message: string;
}

/** A place as people write it: `environments.production.applications.shop.pools[0]`. */
export function pathText(path: DocumentPath): string {
  return path.reduce<string>((text, segment) => text + segmentText(segment, text === ''), '');
}

function segmentText(segment: string | number, first: boolean): string {
  if (typeof segment === 'number') return `[${segment}]`;
  // A certname has dots in it: unquoted, its parts would read as keys.
  if (!/^[A-Za-z0-9_-]+$/.test(segment)) return `[${quoted(segment)}]`;
  return first ? segment : `.${segment}`;
}

/** A value of the file as messages show it: escaped and short, because the file may be hostile. */
export function quoted(value: unknown): string {
  const text = value === undefined ? 'the document' : JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
