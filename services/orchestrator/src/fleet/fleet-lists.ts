import type { DocumentPath, FleetIssue } from './fleet-path.js';

/** Values that stand in a list a second time. */
export function repeated(
  values: readonly string[],
  path: DocumentPath,
  what: string,
): FleetIssue[] {
  const seen = new Set<string>();
  return values.flatMap((value, index) => {
    const issue = {
      path: [...path, index],
      message: `${what} ${value} stands in this list twice: remove one`,
    };
    const known = seen.has(value);
    seen.add(value);
    return known ? [issue] : [];
  });
}

/** The names that could have been meant. */
export function known(declared: object): string {
  const names = Object.keys(declared);
  if (names.length === 0) return ' (none is declared)';
  return ` (declared: ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''})`;
}
