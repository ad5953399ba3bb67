/** What stands in a JSON text at `a.b.0`: own fields and list positions only. */
export function valueAt(
  text: string,
  path: string,
): { readonly value: unknown } | { readonly problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'the answer is not JSON' };
  }
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step))
      return { problem: `the answer has no ${path}` };
    value = (value as Readonly<Record<string, unknown>>)[step];
  }
  return { value };
}
