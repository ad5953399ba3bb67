/** What can be said of a thrown thing whatever realm or copy of a package it comes from: `instanceof` cannot be trusted with those. */
export interface ErrorLike {
  readonly name: string;
  readonly message: string;
  readonly code: string;
  readonly cause: unknown;
}

/** Reads a thrown thing. */
export function errorLike(thrown: unknown): ErrorLike {
  if (typeof thrown !== 'object' || thrown === null)
    return { name: '', message: String(thrown), code: '', cause: undefined };
  const text = (key: string): string => {
    const value: unknown = Reflect.get(thrown, key);
    return typeof value === 'string' ? value : '';
  };
  const cause: unknown = Reflect.get(thrown, 'cause');
  return { name: text('name'), message: text('message'), code: text('code'), cause };
}
