import { z } from 'zod';
import { ActorId, Instant, StreamKey } from './ids.js';

/**
 * CloudEvents 1.0 in JSON structured mode, with Gantry's extensions. `subject` is the stream a message belongs to
 * (also its message group); log events carry `streamversion` and `position` (the feed cursor) besides.
 */
export const Envelope = z.object({
  specversion: z.literal('1.0'),
  id: z.uuid(),
  type: z
    .string()
    .regex(/^[a-z]+(?:[.-][a-z]+)+$/)
    .max(64),
  source: z
    .string()
    .regex(/^\/gantry\/[a-z-]+(?:\/[A-Za-z0-9._-]+)?$/)
    .max(200),
  subject: StreamKey.optional(),
  time: Instant,
  datacontenttype: z.literal('application/json'),
  dataschema: z.string().regex(/^urn:gantry:[a-z.-]+:[0-9]+$/),
  correlationid: z.uuid(),
  causationid: z.uuid(),
  actor: ActorId,
  expiresat: Instant.optional(),
  traceparent: z.string().max(64).optional(),
  streamversion: z.int().positive().optional(),
  position: z.string().max(64).optional(),
  data: z.record(z.string(), z.unknown()),
});
export type Envelope = z.infer<typeof Envelope>;

/** The schema version named by an envelope's `dataschema`. */
export function schemaVersionOf(envelope: Pick<Envelope, 'dataschema'>): number {
  return Number(envelope.dataschema.slice(envelope.dataschema.lastIndexOf(':') + 1));
}

/** The `dataschema` URN of a message type and version. */
export function dataschemaOf(type: string, version: number): string {
  return `urn:gantry:${type}:${version}`;
}
