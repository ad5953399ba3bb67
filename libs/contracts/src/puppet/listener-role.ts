import { z } from 'zod';

/** Which of the two listeners on a machine: every host has an agent, and beside a Puppet server there is a publisher. */
export const ListenerRole = z.enum(['agent', 'publisher']);
export type ListenerRole = z.infer<typeof ListenerRole>;
