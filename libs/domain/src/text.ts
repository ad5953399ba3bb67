/** The text, cut to what a message may carry: words from outside must never make an event impossible to write. */
export const clip = (text: string, max: number): string =>
  text.length <= max ? text : `${text.slice(0, max - 1)}…`;

/** The first names of a list, and how many more there are. */
export function some(names: readonly string[], most = 10): string {
  if (names.length === 0) return 'none';
  const told = names.slice(0, most).join(', ');
  return names.length <= most ? told : `${told} and ${names.length - most} more`;
}
