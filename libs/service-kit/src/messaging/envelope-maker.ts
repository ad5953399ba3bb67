import {
  ActorId,
  makeMessage,
  StreamKey,
  type AnyMessage,
  type DataOf,
  type EnvelopeContext,
  type Message,
  type ServiceName,
} from '@gantry/contracts';
import { GantryError, messageOf } from '../errors/gantry-error.js';
import type { Clock } from '../time/clock.port.js';
import type { IdSource } from '../time/id-source.port.js';
import type { PublishOptions } from './bus.port.js';

/** Who makes envelopes. */
export interface Sender {
  readonly service: ServiceName;
  readonly instance: string;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** Makes the envelope of a new message; what the caller leaves open is inherited from the message that caused it. */
export function envelopeFor<D extends AnyMessage>(
  sender: Sender,
  definition: D,
  data: DataOf<D>,
  options: PublishOptions,
): Message<D['type']> {
  const id = options.id ?? sender.ids.uuid();
  try {
    return makeMessage(definition, data, { id, ...contextOf(sender, id, options) });
  } catch (error) {
    throw new GantryError(
      'bug',
      'bus.wrong-shape',
      `${definition.type} was not sent: ${messageOf(error)}. Whoever publishes it must be corrected.`,
      { cause: error },
    );
  }
}

function contextOf(
  sender: Sender,
  id: string,
  options: PublishOptions,
): Omit<EnvelopeContext, 'id'> {
  const now = sender.clock.now();
  return {
    source: `/gantry/${sender.service}/${sender.instance}`,
    time: now.toISOString(),
    ...causeOf(id, options),
    actor: ActorId.parse(options.actor ?? options.cause?.actor ?? sender.service),
    ...subjectOf(options),
    ...expiryOf(now, options.expiresInMs),
  };
}

function causeOf(
  id: string,
  { cause, correlationId }: PublishOptions,
): Pick<EnvelopeContext, 'correlationid' | 'causationid' | 'traceparent'> {
  if (cause === undefined) return { correlationid: correlationId ?? id, causationid: id };
  const { traceparent } = cause;
  return {
    correlationid: correlationId ?? cause.correlationid,
    causationid: cause.id,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

function subjectOf({ subject, cause }: PublishOptions): Pick<EnvelopeContext, 'subject'> {
  const key = subject ?? cause?.subject;
  return key === undefined ? {} : { subject: StreamKey.parse(key) };
}

function expiryOf(now: Date, expiresInMs: number | undefined): Pick<EnvelopeContext, 'expiresat'> {
  if (expiresInMs === undefined) return {};
  return { expiresat: new Date(now.getTime() + expiresInMs).toISOString() };
}
