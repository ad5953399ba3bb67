import { older } from '../ports/repository-error.js';
import type { CursorStore } from '../ports/cursor-store.port.js';
import { isOlder, type Revision } from '../metadata/revision.js';
import { unseen, type Seen } from '../metadata/seen.js';

/** Which repository a cursor is of. */
export interface CursorOf {
  readonly repository: string;
  /** Another URL is another repository: what was seen at the old one says nothing. */
  readonly url: string;
  readonly store: CursorStore;
}

/** How far one repository was seen: in memory, and on the disk. */
export class Cursor {
  private current: Seen | undefined;

  constructor(private readonly of: CursorOf) {}

  async seen(): Promise<Seen> {
    if (this.current) return this.current;
    const { repository, url, store } = this.of;
    const kept = await store.load(repository);
    this.current = kept?.url === url ? kept : unseen(url);
    return this.current;
  }

  /** Throws when the index is older than the newest that was accepted, however well it is signed. */
  async admit(index: Revision): Promise<void> {
    const { highest } = await this.seen();
    if (!highest || !isOlder(index, highest)) return;
    throw older(
      `${this.of.url} shows revision ${told(index)}, and ${told(highest)} was seen before: older metadata are refused. ` +
        'Look for a mirror or cache that lags behind, or for somebody in between. If the repository was set back on ' +
        `purpose, stop build-watcher and delete ${this.of.repository}.json in GANTRY_CURSOR_DIR.`,
    );
  }

  /** An index was accepted: from now on none older is. */
  async reached({ revision, timestamp }: Revision): Promise<void> {
    const seen = await this.seen();
    const highest = { revision, timestamp };
    if (seen.highest && !isOlder(seen.highest, highest)) return;
    await this.keep({ ...seen, highest });
  }

  /** Keeps it in memory in any case: a full disk must not open the door to old metadata while we run. */
  async keep(seen: Seen): Promise<void> {
    this.current = seen;
    await this.of.store.save(this.of.repository, seen);
  }
}

const told = ({ revision, timestamp }: Revision): string =>
  `${JSON.stringify(revision)} of ${new Date(timestamp * 1_000).toISOString()}`;
