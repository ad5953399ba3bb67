import {
  actingTopic,
  dataschemaOf,
  definitionOf,
  parseMessage,
  topicDestination,
  type Message,
} from '@gantry/contracts';
import type { RecordedEvent } from '@gantry/event-log';

/** Where one event goes: always to the log's readers, and what somebody acts on also to them. */
export interface Publication {
  readonly message: Message;
  readonly destination: string;
  readonly group: string;
}

/** The publications of one event. */
export function publicationsOf(event: RecordedEvent): readonly Publication[] {
  const message = messageOf(event);
  const stream = `${event.streamType}-${event.streamId}`;
  const feed: Publication = { message, destination: topicDestination('log.events'), group: stream };
  const definition = definitionOf(event.type);
  const topic = definition === undefined ? undefined : actingTopic(event.type, definition.role);
  if (topic === undefined) return [feed];
  return [{ message, destination: topicDestination(topic), group: groupOf(message, stream) }, feed];
}

/**
 * What may take long holds up nothing else: requests about one host wait only for each other, a gate for no other gate,
 * and a cancel not even for the run it is to stop.
 */
function groupOf({ type, data }: Message, stream: string): string {
  if ('host' in data) return `${stream}/${data.host}`;
  if ('gateRunId' in data) return `${stream}/${data.gateRunId}/${type}`;
  return stream;
}

/** The event as everybody sees it: its id, and the feed's cursor as position. */
function messageOf(event: RecordedEvent): Message {
  const { correlationId, causationId, actor, occurredAt, traceparent } = event.metadata;
  return parseMessage({
    specversion: '1.0',
    id: event.eventId,
    type: event.type,
    source: '/gantry/orchestrator',
    subject: `${event.streamType}-${event.streamId}`,
    time: occurredAt,
    datacontenttype: 'application/json',
    dataschema: dataschemaOf(event.type, event.schemaVersion),
    correlationid: correlationId,
    causationid: causationId,
    actor,
    ...(traceparent === undefined ? {} : { traceparent }),
    streamversion: event.streamVersion,
    position: event.cursor,
    data: event.data,
  });
}
