/** When the last run was, from `last_run_summary.yaml`; that file tells no more that could be relied on. */
export function lastRunAt(summary: string): string | null {
  const seconds = Number(/^ {2}last_run: (\d{1,12})$/m.exec(summary)?.[1] ?? NaN);
  return Number.isNaN(seconds) ? null : new Date(seconds * 1_000).toISOString();
}
