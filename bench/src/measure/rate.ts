/** How often a second an operation ends when this many do it at once for this long. */
export async function rateOf(
  concurrency: number,
  durationMs: number,
  operation: (worker: number) => Promise<void>,
): Promise<number> {
  const startedAt = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: concurrency }, async (_, worker) => {
      while (performance.now() - startedAt < durationMs) {
        await operation(worker);
        done += 1;
      }
    }),
  );
  return done / ((performance.now() - startedAt) / 1_000);
}
