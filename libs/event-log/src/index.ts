export { type StreamId, streamKey, assertStreamId } from './model/stream-id.js';
export {
  type FeedCursor,
  FEED_START,
  compareCursors,
  cursorBefore,
  parseFeedCursor,
} from './model/feed-cursor.js';
export type { EventMetadata, NewEvent, RecordedEvent } from './model/event.js';
export { type EncodedEvent, type EventCodec, passThroughCodec } from './model/event-codec.js';
export type {
  EventLog,
  InboxKey,
  LogTransaction,
  TransactionInput,
  TransactionOutcome,
} from './model/event-log.port.js';
export { PostgresEventLog, type PostgresEventLogOptions } from './postgres/postgres-event-log.js';
export { InMemoryEventLog, type InMemoryEventLogOptions } from './memory/in-memory-event-log.js';
export { createLogPool, type LogPoolOptions } from './postgres/log-pool.js';
export { urgently } from './postgres/reserved-pool.js';
export { logMigrations, type MigrationClass } from './migrations/log-migrations.js';
export {
  runMigrations,
  revertLastMigration,
  type MigrationInput,
} from './migrations/run-migrations.js';
export {
  EventLogError,
  isEventLogError,
  type EventLogErrorKind,
} from './errors/event-log-error.js';
export { ConcurrencyError } from './errors/concurrency-error.js';
export { CommitUnknownError } from './errors/commit-unknown-error.js';
export { CorruptLogError } from './errors/corrupt-log-error.js';
export { EventIdConflictError } from './errors/event-id-conflict-error.js';
export { InvalidEventError } from './errors/invalid-event-error.js';
export { LogUnavailableError } from './errors/log-unavailable-error.js';
export { TransactionClosedError } from './errors/transaction-closed-error.js';
export { UnsafeDatabaseError } from './errors/unsafe-database-error.js';
export { Relay, type RelayStatus } from './relay/relay.js';
export type { RelayOptions } from './relay/relay-options.js';
export { readRelayLag, type RelayLag } from './relay/read-relay-lag.js';
export {
  Subscription,
  subscribe,
  type SubscriptionOptions,
  type SubscriptionStatus,
} from './subscription/subscription.js';
export { rebuildProjection, type RebuildOptions } from './subscription/rebuild-projection.js';
export type {
  ProjectionHandler,
  ProjectionTransaction,
} from './subscription/projection-transaction.js';
export { assertSafeDatabase, type SafetyOptions } from './safety/assert-safe-database.js';
export type { RefusalReason } from './safety/refusals.js';
export { verifyAll, verifyStream, type Verification } from './verification/verify-log.js';
export type { ChainFault } from './verification/chain-check.js';
export { canonicalJson } from './hashing/canonical-json.js';
export {
  rebaseRestoredLog,
  type RebaseInput,
  type RebaseResult,
} from './operations/rebase-restored-log.js';
export { ensureServiceRole, type ServiceRole } from './operations/ensure-service-role.js';
