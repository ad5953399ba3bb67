import { randomUUID } from 'node:crypto';
import type { NewEvent, StreamId } from '../src/index.js';

/** An event to append; every part can be replaced. */
export function anEvent(overrides: Partial<NewEvent> = {}): NewEvent {
  return {
    eventId: randomUUID(),
    type: 'step.done',
    schemaVersion: 1,
    data: { host: 'web1.example.com', result: 'ok' },
    metadata: {
      correlationId: 'c-1',
      causationId: 'm-1',
      actor: 'person:7',
      occurredAt: '2026-01-02T03:04:05.678Z',
    },
    ...overrides,
  };
}

/** A stream nobody else uses. */
export function aStream(type = 'deployment'): StreamId {
  return { type, id: randomUUID() };
}
