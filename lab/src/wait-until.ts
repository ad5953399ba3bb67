import { setTimeout as delay } from 'node:timers/promises';

/** How long to wait for a condition, how often to look, and the error when it does not come true. */
export interface WaitOptions {
  readonly deadlineMs: number;
  readonly everyMs?: number;
  readonly onTimeout: () => Error | Promise<Error>;
}

/** Looks until the probe says true. A probe that throws counts as "not yet". */
export async function waitUntil(
  probe: () => Promise<boolean> | boolean,
  options: WaitOptions,
): Promise<void> {
  const end = Date.now() + options.deadlineMs;
  for (;;) {
    if (await attempt(probe)) return;
    if (Date.now() >= end) throw await options.onTimeout();
    await delay(options.everyMs ?? 50);
  }
}

async function attempt(probe: () => Promise<boolean> | boolean): Promise<boolean> {
  try {
    return await probe();
  } catch {
    return false;
  }
}
