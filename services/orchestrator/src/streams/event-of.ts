import { definitionOf } from '@gantry/contracts';
import type { Fact } from '@gantry/domain';
import type { EventMetadata, NewEvent } from '@gantry/event-log';
import { GantryError } from '@gantry/service-kit';

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
