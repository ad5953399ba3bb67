/** Token of the clock. */
export const CLOCK: unique symbol = Symbol('gantry.clock');

/** What time it is; a port, so that tests decide. */
export interface Clock {
  now(): Date;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date() };
