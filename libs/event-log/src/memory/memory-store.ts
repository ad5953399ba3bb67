import type { FeedCursor } from '../model/feed-cursor.js';
import type { PreparedEvent } from '../model/prepare-events.js';

/** An event as the fake keeps it: payloads as JSON texts, so that nobody shares an object with the log. */
export type StoredEvent = PreparedEvent & {
  readonly position: string;
  readonly cursor: FeedCursor;
};

/** What the fake remembers. */
export type MemoryStore = {
  readonly events: StoredEvent[];
  /** Message key -> when it was handled. */
  readonly inbox: Map<string, number>;
};

/** Who answers `tx.query` in place of a database. */
export type SqlAnswer = (sql: string, params: readonly unknown[]) => Promise<readonly unknown[]>;
