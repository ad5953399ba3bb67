import type { Message } from '@gantry/contracts';

/** What two services' clocks may differ by. */
const SKEW_MS = 30_000;

/**
 * Whether a request came so late that its asker no longer counts on it: after an outage the queue holds requests whose owner has
 * given up, cancelled or asked anew. They are dropped without an answer, because "it did not run" may be untrue: the request may
 * have been delivered before. Whoever still cares asks the host.
 */
export function isLate(message: Message, expiresInMs: number, now: Date): boolean {
  return now.getTime() > Date.parse(message.time) + expiresInMs + SKEW_MS;
}
