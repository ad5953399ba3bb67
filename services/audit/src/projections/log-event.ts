import {
  definitionOf,
  type DataOf,
  type MessageOf,
  type MessageRole,
  type MessageType,
} from '@gantry/contracts';
import type { RecordedEvent } from '@gantry/event-log';
import { GantryError } from '@gantry/service-kit';

/** An event of the log as projections see it: `at` is when its input was handled, `position` its place in the feed. */
export type LogEvent<T extends MessageType = MessageType> = T extends MessageType
  ? {
      readonly type: T;
      readonly data: DataOf<MessageOf<T>>;
      readonly stream: { readonly type: string; readonly id: string };
      readonly version: number;
      readonly position: string;
      readonly at: string;
      readonly actor: string;
    }
  : never;

/** What may stand in the log: facts, and requests that were made. */
const LOGGED: ReadonlySet<MessageRole> = new Set(['event', 'request']);

/** Whether this version of the service knows the type as one of the log. */
export function isLogged(type: string): boolean {
  const role = definitionOf(type)?.role;
  return role !== undefined && LOGGED.has(role);
}

/** Reads an event of the feed. One that is not understood stops its reader: a read model that skipped it would be wrong for ever. */
export function toLogEvent(recorded: RecordedEvent): LogEvent {
  const { type, schemaVersion, metadata } = recorded;
  const definition = isLogged(type) ? definitionOf(type) : undefined;
  if (definition?.version !== schemaVersion) {
    throw notUnderstood(
      recorded,
      definition === undefined
        ? 'its type is not known here'
        : `its version ${schemaVersion} is not known here, only ${definition.version}`,
    );
  }
  const data = definition.schema.safeParse(recorded.data);
  if (!data.success) {
    const [issue] = data.error.issues;
    throw notUnderstood(recorded, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  return {
    type,
    data: data.data,
    stream: { type: recorded.streamType, id: recorded.streamId },
    version: recorded.streamVersion,
    position: recorded.cursor,
    at: metadata.occurredAt,
    actor: metadata.actor,
  } as unknown as LogEvent;
}

function notUnderstood(event: RecordedEvent, why: string): GantryError {
  const { type, streamType, streamId, streamVersion, cursor } = event;
  return new GantryError(
    'corrupt',
    'audit.event-not-understood',
    `Event ${type} at ${cursor} (${streamType}-${streamId}, version ${streamVersion}) cannot be read: ${why}. Upgrade this service; it goes on from there.`,
    { details: { type, position: cursor } },
  );
}
