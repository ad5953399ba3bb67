import { createHash } from 'node:crypto';

/** Prepared statements live as long as their connection, so texts put together at run time must not fill it. */
const MAX_NAMES = 200;
const names = new Map<string, string>();

/** A name under which a caller's statement is prepared once per connection; undefined once there are too many. */
export function statementName(sql: string): string | undefined {
  const known = names.get(sql);
  if (known !== undefined || names.size >= MAX_NAMES) return known;
  const name = `q.${createHash('sha256').update(sql).digest('hex').slice(0, 24)}`;
  names.set(sql, name);
  return name;
}
