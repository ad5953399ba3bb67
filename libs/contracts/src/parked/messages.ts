import { z } from 'zod';
import { defineMessage } from '../define.js';
import { Reason } from '../ids.js';

/** Key of a parked message's attention item: which service parked it, and the broker's id of it. */
export const ParkedKey = z
  .string()
  .regex(/^parked\.[a-z-]{1,32}\.[A-Za-z0-9._-]{1,88}$/, 'the key of a parked message, as listed');

/** Give a parked message back to the queue of the service that parked it: to that one consumer, not to the topic. */
export const ReplayParked = defineMessage('command', 'parked.replay', {
  key: ParkedKey,
  reason: Reason,
});
/** Take a parked message away for good. */
export const DropParked = defineMessage('command', 'parked.drop', {
  key: ParkedKey,
  reason: Reason,
});

/** A person decided what becomes of a parked message; written before it is done. */
export const ParkedDecided = defineMessage('event', 'parked.decided', {
  key: ParkedKey,
  action: z.enum(['replay', 'drop']),
  reason: Reason,
  messageType: z.string().max(64),
  parkedBecause: z.string().max(1_000),
});
