const UNITS: readonly (readonly [seconds: number, sign: string])[] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** How long ago, in the largest unit that fits: `3 min`. */
export function age(instant: string | null, now = Date.now()): string {
  if (instant === null) return '-';
  const seconds = Math.max(0, Math.round((now - Date.parse(instant)) / 1_000));
  const [size, sign] = UNITS.find(([unit]) => seconds >= unit) ?? [1, 's'];
  return `${Math.floor(seconds / size)} ${sign}`;
}
