import { InvalidEventError } from '../errors/invalid-event-error.js';

const MAX_DEPTH = 64;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * JSON text that depends on the value alone: keys sorted by UTF-16 units, numbers as JavaScript prints them, no
 * blanks. Postgres' jsonb reorders keys and rewrites numbers (1e21 becomes 1000000000000000000000), but it keeps every
 * double exactly, so the text made before writing equals the text made from what is read back.
 *
 * Refused, because jsonb would refuse, change or lose it: NaN and infinities, NUL and lone surrogates, functions,
 * bigints, class instances (Date, Map), holes in arrays, nesting beyond 64. Members that are undefined are left out.
 */
export function canonicalJson(value: unknown): string {
  return write(value, '$', 0);
}

function write(value: unknown, path: string, depth: number): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return writeString(value, path);
  if (typeof value === 'number') return writeNumber(value, path);
  if (typeof value !== 'object') throw refuse(path, `a ${typeof value}`);
  if (depth >= MAX_DEPTH) throw refuse(path, `nested deeper than ${MAX_DEPTH} levels`);
  if (Array.isArray(value)) return writeArray(value, path, depth);
  return writeObject(value, path, depth);
}

function writeArray(items: readonly unknown[], path: string, depth: number): string {
  // Not map(): it would skip the holes of a sparse array instead of refusing them.
  return `[${Array.from(items, (item, index) => write(item, `${path}[${index}]`, depth + 1)).join(',')}]`;
}

function writeObject(value: object, path: string, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw refuse(path, 'a class instance');
  const members = [];
  for (const key of Object.keys(value).sort()) {
    const member = (value as Readonly<Record<string, unknown>>)[key];
    if (member === undefined) continue;
    const memberPath = `${path}.${key}`;
    members.push(`${writeString(key, memberPath)}:${write(member, memberPath, depth + 1)}`);
  }
  return `{${members.join(',')}}`;
}

function writeString(value: string, path: string): string {
  if (value.includes('\0')) throw refuse(path, 'a text with a NUL character');
  if (LONE_SURROGATE.test(value)) throw refuse(path, 'a text with half a surrogate pair');
  return JSON.stringify(value);
}

function writeNumber(value: number, path: string): string {
  if (!Number.isFinite(value)) throw refuse(path, String(value));
  return JSON.stringify(value);
}

function refuse(path: string, what: string): InvalidEventError {
  return new InvalidEventError(
    `${path.slice(0, 200)} is ${what}, which the log cannot store unchanged`,
    {
      path: path.slice(0, 200),
    },
  );
}
