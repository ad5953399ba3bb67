import { percentile } from '../measure/statistics.js';

/** A way to send a message there and have one come back, broker in between both times. */
export interface PingPong {
  readonly name: string;
  /** One round trip. */
  trip(body: string): Promise<void>;
  close(): Promise<void>;
}

/** What one measurement saw: round trips a second, and how long single ones took. */
export interface Trips {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** Keeps this many round trips going for this long. */
export async function tripsOf(
  pingPong: PingPong,
  window: number,
  durationMs: number,
): Promise<Trips> {
  const took: number[] = [];
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: window }, async () => {
      while (performance.now() - startedAt < durationMs) {
        const since = performance.now();
        await pingPong.trip(BODY);
        took.push(performance.now() - since);
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  return {
    perSecond: took.length / seconds,
    p50: percentile(took, 0.5),
    p99: percentile(took, 0.99),
  };
}

/** As long as a log event on the bus. */
const BODY = JSON.stringify({ type: 'bench.ping', data: 'x'.repeat(600) });
