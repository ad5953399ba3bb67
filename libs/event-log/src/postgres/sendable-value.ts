/**
 * Brings a parameter into a form that pg can certainly write. It is done before the statement joins a batch: a value
 * that cannot be sent (a cycle) must fail alone, not in the middle of what travels with it.
 */
export function sendableValue(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sendableValue);
  if (value instanceof Date || ArrayBuffer.isView(value)) return value;
  return JSON.stringify(value);
}
