import {
  actingTopic,
  dataschemaOf,
  definitionOf,
  parseMessage,
  topicDestination,
  type Message,
} from '@gantry/contracts';
import type { RecordedEvent } from '@gantry/event-log';

/** Where one event goes: always to the log's readers, and a request also to whoever carries it out. */
export interface Publication {
  readonly message: Message;
  readonly destination: string;
  readonly group: string;
}

/** The publications of one event. Requests about one host are grouped by host: a slow drain must not hold up the next host's. */
export function publicationsOf(event: RecordedEvent): readonly Publication[] {
  const message = messageOf(event);
  const stream = `${event.streamType}-${event.streamId}`;
  const feed: Publication = { message, destination: topicDestination('log.events'), group: stream };
  const definition = definitionOf(event.type);
  const topic =
    definition?.role === 'request' ? actingTopic(event.type, definition.role) : undefined;
  if (topic === undefined) return [feed];
  const { data } = message;
  const group = 'host' in data ? `${stream}/${data.host}` : stream;
  return [{ message, destination: topicDestination(topic), group }, feed];
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
