import { visit } from 'jsonc-parser';

/** Why a body is not accepted as JSON; says where, never what. */
export class StrictJsonError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StrictJsonError';
  }
}

const MAX_DEPTH = 16;
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
// A lone surrogate cannot be stored as UTF-8; the control characters have no place in a reason and hurt terminals and logs.
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const UNPRINTABLE = /\p{Surrogate}|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/u;

/**
 * Reads JSON, and refuses what two readers could understand differently or what hurts further on: duplicate keys, deep
 * nesting, numbers beyond a double, broken Unicode, control characters, prototype keys.
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  inspect(text);
  try {
    return JSON.parse(text);
  } catch {
    throw new StrictJsonError('it is not JSON');
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new StrictJsonError('it is not UTF-8');
  }
}

function inspect(text: string): void {
  const open: (Set<string> | undefined)[] = [];
  const enter = (keys: Set<string> | undefined): void => {
    if (open.push(keys) > MAX_DEPTH) throw new StrictJsonError('it is nested too deeply');
  };
  visit(
    text,
    {
      onObjectBegin: () => enter(new Set()),
      onObjectEnd: () => void open.pop(),
      onArrayBegin: () => enter(undefined),
      onArrayEnd: () => void open.pop(),
      onObjectProperty: (key) => checkKey(key, open.at(-1)),
      onLiteralValue: checkValue,
      onError: () => {
        throw new StrictJsonError('it is not JSON');
      },
    },
    { disallowComments: true },
  );
}

function checkKey(key: string, siblings: Set<string> | undefined): void {
  if (FORBIDDEN_KEYS.has(key)) throw new StrictJsonError('it has a key that is not allowed');
  if (siblings?.has(key) === true) throw new StrictJsonError('it has the same key twice');
  siblings?.add(key);
  checkValue(key);
}

function checkValue(value: unknown): void {
  if (typeof value === 'string' && UNPRINTABLE.test(value))
    throw new StrictJsonError('it has control characters or broken Unicode in a text');
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new StrictJsonError('it has a number that is too large');
}
