import { definitionOf } from '@gantry/contracts';
import type { Fact } from '@gantry/domain';
import type { EventMetadata, NewEvent, RecordedEvent } from '@gantry/event-log';
import { GantryError } from '@gantry/service-kit';

/** A recorded event as the domain sees it; its data was validated when it was read from the log. */
export function factOf<F extends Fact>(event: RecordedEvent): F {
  return { type: event.type, data: event.data, at: event.metadata.occurredAt } as F;
}

/** A fact as the log takes it. */
export function eventOf(
  fact: Fact,
  eventId: string,
  metadata: Omit<EventMetadata, 'occurredAt'>,
): NewEvent {
  const definition = definitionOf(fact.type);
  if (definition === undefined)
    throw new GantryError(
      'bug',
      'log.unknown-event',
      `${fact.type} is not in the registry of messages`,
    );
  return {
    eventId,
    type: fact.type,
    schemaVersion: definition.version,
    data: fact.data,
    metadata: { ...metadata, occurredAt: fact.at },
  };
}
