/** Waits; ends early, without error, when the signal says so. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}

/** Doubling back-off with jitter, from 200 ms up to 5 s. */
export function backOffMs(attempt: number): number {
  const ceiling = Math.min(5_000, 200 * 2 ** attempt);
  return ceiling / 2 + (Math.random() * ceiling) / 2;
}
