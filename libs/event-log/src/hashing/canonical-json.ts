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
  return write(value, []);
}

/** Where in the value we are; one array for the whole walk, as this runs for every event that is written or verified. */
type Trail = (string | number)[];

function write(value: unknown, trail: Trail): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return writeString(value, trail);
  if (typeof value === 'number') return writeNumber(value, trail);
  if (typeof value !== 'object') throw refuse(trail, `a ${typeof value}`);
  if (trail.length >= MAX_DEPTH) throw refuse(trail, `nested deeper than ${MAX_DEPTH} levels`);
  return Array.isArray(value) ? writeArray(value, trail) : writeObject(value, trail);
}

function writeArray(items: readonly unknown[], trail: Trail): string {
  const texts = [];
  // Not map(): it would skip the holes of a sparse array instead of refusing them.
  for (let index = 0; index < items.length; index += 1) {
    trail.push(index);
    texts.push(write(items[index], trail));
    trail.pop();
  }
  return `[${texts.join(',')}]`;
}

function writeObject(value: object, trail: Trail): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw refuse(trail, 'a class instance');
  let text = '';
  for (const key of Object.keys(value).sort()) {
    const member = (value as Readonly<Record<string, unknown>>)[key];
    if (member === undefined) continue;
    trail.push(key);
    text += `${text === '' ? '' : ','}${writeString(key, trail)}:${write(member, trail)}`;
    trail.pop();
  }
  return `{${text}}`;
}

function writeString(value: string, trail: Trail): string {
  if (value.includes('\0')) throw refuse(trail, 'a text with a NUL character');
  if (LONE_SURROGATE.test(value)) throw refuse(trail, 'a text with half a surrogate pair');
  return JSON.stringify(value);
}

function writeNumber(value: number, trail: Trail): string {
  if (!Number.isFinite(value)) throw refuse(trail, String(value));
  return JSON.stringify(value);
}

function refuse(trail: Trail, what: string): InvalidEventError {
  const steps = trail.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`));
  const path = `$${steps.join('')}`.slice(0, 200);
  return new InvalidEventError(`${path} is ${what}, which the log cannot store unchanged`, {
    path,
  });
}
