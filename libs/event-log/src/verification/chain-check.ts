import { eventHash, GENESIS_HASH } from '../hashing/event-hash.js';
import { comparePlaces } from '../model/feed-cursor.js';
import { hashedContent, type EventRow } from '../sql/event-row.js';

/** The first event that does not fit its stream's chain. */
export type ChainFault = {
  readonly stream: string;
  readonly streamVersion: number;
  readonly position: string;
  readonly problem: 'version-gap' | 'broken-link' | 'changed-content' | 'out-of-order';
  readonly message: string;
};

/** The last good event of a stream; changed in place, as there is one for every event of the log. */
type Link = { version: number; hash: string; xid: string; position: string };

/**
 * Follows the chains of many streams at once, row by row, each stream's rows in version order. It cannot see that the
 * end of a stream was cut off, or that a whole chain was written anew: that takes a head kept outside the database.
 */
export class ChainCheck {
  private readonly links = new Map<string, Link>();
  private count = 0;

  /** Events looked at so far. */
  get checked(): number {
    return this.count;
  }

  /** Adds the next row; a fault is returned, not thrown, as finding one is the purpose. */
  check(row: EventRow): ChainFault | undefined {
    this.count += 1;
    const key = `${row.stream_type}/${row.stream_id}`;
    const link = this.links.get(key);
    const problem = findProblem(row, link);
    if (problem !== undefined) return fault(row, problem);
    const { stream_version: version, hash, xid, position } = row;
    if (link === undefined) this.links.set(key, { version, hash, xid, position });
    else Object.assign(link, { version, hash, xid, position });
    return undefined;
  }
}

function fault(row: EventRow, problem: ChainFault['problem']): ChainFault {
  const stream = `${row.stream_type}-${row.stream_id}`;
  return {
    stream,
    streamVersion: row.stream_version,
    position: row.position,
    problem,
    message: `Stream ${stream}, version ${row.stream_version}, position ${row.position}: ${EXPLAIN[problem]}`,
  };
}

const EXPLAIN: Readonly<Record<ChainFault['problem'], string>> = {
  'version-gap': 'an event before it is missing, or one was put in',
  'broken-link': 'it does not continue the event before it: one of the two was replaced',
  'changed-content': 'its content is not what was written',
  'out-of-order': 'it stands before its predecessor in the feed',
};

function findProblem(row: EventRow, link: Link | undefined): ChainFault['problem'] | undefined {
  if (row.stream_version !== (link?.version ?? 0) + 1) return 'version-gap';
  if (row.prev_hash !== (link?.hash ?? GENESIS_HASH)) return 'broken-link';
  if (row.hash !== contentHash(row)) return 'changed-content';
  if (link !== undefined && comparePlaces(row, link) <= 0) return 'out-of-order';
  return undefined;
}

/** A row that can no longer be written canonically was not written by the log. */
function contentHash(row: EventRow): string | undefined {
  try {
    return eventHash(row.prev_hash, hashedContent(row));
  } catch {
    return undefined;
  }
}
