import { z } from 'zod';
import { Cursor } from '../http/requests.js';

/** Query of GET /deployments/:id/events and /releases/:id/events. EventSource cannot set headers, so a first position may come here. */
export const OneStreamQuery = z.strictObject({ after: Cursor.optional() });

/** Query of GET /events: from now on, unless told otherwise. */
export const AllEventsQuery = z.strictObject({
  after: Cursor.optional(),
  from: z.literal('start').optional(),
});

/** The header an EventSource sends when it reconnects; it wins over the query. */
export const LastEventId = Cursor.optional();
