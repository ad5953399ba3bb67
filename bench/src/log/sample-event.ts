import { randomUUID } from 'node:crypto';
import type { NewEvent } from '@gantry/event-log';

const DATA = {
  host: 'web1.shop.example.org',
  step: 'drain',
  attempt: 1,
  evidence: {
    pool: 'shop',
    member: 'web1',
    connectionsAtStart: 17,
    connectionsAtEnd: 0,
    waitedMs: 1840,
    readBack: 'user-disabled',
    limits: { timeoutMs: 30_000, maxConnections: 0 },
  },
  observedAt: '2026-01-02T03:04:05.678Z',
};

const METADATA = {
  correlationId: '018f0000-0000-7000-8000-000000000001',
  causationId: '018f0000-0000-7000-8000-000000000002',
  actor: 'anna',
  occurredAt: '2026-01-02T03:04:05.678Z',
};

/** What all contenders write: an event as a deployment has about forty of. */
export function sampleEvent(): NewEvent {
  return {
    eventId: randomUUID(),
    type: 'deployment.host-drained',
    schemaVersion: 1,
    data: DATA,
    metadata: METADATA,
  };
}

/** The same as text, made once: raw statements are not charged for writing JSON. */
export const SAMPLE = {
  type: 'deployment.host-drained',
  data: DATA,
  dataText: JSON.stringify(DATA),
  metadataText: JSON.stringify(METADATA),
};
