import { StompError } from '../stomp-error.js';

const DESTINATION = /^\/(?:queue|topic)\/[A-Za-z0-9][A-Za-z0-9._-]{0,249}$/;

/**
 * Refuses a destination that is not one plain queue or topic: ActiveMQ also understands lists, wildcards, options and temporary
 * queues, and each of them has let messages go where they should not (or killed the sender's connection).
 */
export function assertDestination(destination: string): void {
  if (DESTINATION.test(destination)) return;
  throw new StompError(
    'invalid',
    `"${destination.slice(0, 100)}" is not a destination: expected /queue/<name> or /topic/<name> with letters, digits, ". _ -" in the name.`,
    { code: 'stomp.destination-refused', details: { destination: destination.slice(0, 256) } },
  );
}
