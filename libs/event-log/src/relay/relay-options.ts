import type { RecordedEvent } from '../model/event.js';
import type { EventCodec } from '../model/event-codec.js';

/** How a relay is made. Several with one name are candidates for one job: one leads, the others stand by. */
export type RelayOptions = {
  readonly url: string;
  /** @default 'relay' */
  readonly name?: string;
  readonly codec?: EventCodec;
  /**
   * Hands a batch on, in its order, and resolves when the receiver has safely got all of it. A batch whose promise
   * rejects comes again, whole.
   */
  publish(events: readonly RecordedEvent[]): Promise<void>;
  /** @default 300 */
  readonly batchSize?: number;
  /**
   * How many batches may be on their way at once. With one, every event waits for the receiver to confirm those before it;
   * more are for a `publish` that keeps the order of its calls, not only the order within one. After a failure all that
   * was not confirmed comes again.
   * @default 1
   */
  readonly maxUnconfirmed?: number;
  /** How long to rest when there is nothing to publish and nobody calls `wake`. @default 30 */
  readonly pollMs?: number;
  /** How often a candidate asks whether the leader is gone. @default 150 */
  readonly standbyMs?: number;
  /** The first pause after a failure; doubles up to `maxBackoffMs`, with jitter. @default 100 */
  readonly backoffMs?: number;
  /** @default 10000 */
  readonly maxBackoffMs?: number;
  /** Told of every failure, `publish`'s own included; the relay goes on by itself. */
  onError?(error: unknown): void;
};

/** Options with every default filled in. */
export type CompiledRelayOptions = Required<Omit<RelayOptions, 'codec' | 'onError'>> &
  Pick<RelayOptions, 'codec' | 'onError'>;

/** Fills in the defaults. */
export function compileRelayOptions(options: RelayOptions): CompiledRelayOptions {
  return {
    name: 'relay',
    batchSize: 300,
    maxUnconfirmed: 1,
    pollMs: 30,
    standbyMs: 150,
    backoffMs: 100,
    maxBackoffMs: 10_000,
    ...options,
  };
}
