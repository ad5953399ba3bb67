/** Token of the event log. */
export const EVENT_LOG: unique symbol = Symbol('orchestrator.event-log');

/** Token of the wake-up. */
export const WAKE: unique symbol = Symbol('orchestrator.wake');

/** Token of what is known of the bus. */
export const HEARD: unique symbol = Symbol('orchestrator.heard');

/** Since when messages have been travelling without a break. */
export interface Heard {
  heardSince(): string;
}

/** Told after every commit: the relay has something to publish. A hint only. */
export interface Wake {
  appended(): void;
}
