import type { Seen } from '../metadata/seen.js';

/** Where it is kept how far each repository was seen, so that a restart neither misses nor forgets anything. */
export interface CursorStore {
  /** Undefined when nothing was kept yet. Throws when what is kept cannot be read: guessing would let old metadata in. */
  load(repository: string): Promise<Seen | undefined>;
  /** Returns when it is on the disk. */
  save(repository: string, seen: Seen): Promise<void>;
}
