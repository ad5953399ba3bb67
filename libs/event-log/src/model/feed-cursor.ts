import { InvalidEventError } from '../errors/invalid-event-error.js';

declare const brand: unique symbol;

/**
 * A place in the feed: "xid:position". Opaque outside this package. Compare two with {@link compareCursors}, never as
 * texts and never by the position alone: a higher position may well come earlier in the feed.
 */
export type FeedCursor = string & { readonly [brand]: 'FeedCursor' };

/** The place before the first event. */
export const FEED_START = '0:0' as FeedCursor;

const SHAPE = /^(\d{1,20}):(\d{1,19})$/;

/** Builds a cursor from the two columns that order the feed. */
export function feedCursor(xid: string, position: string): FeedCursor {
  return `${xid}:${position}` as FeedCursor;
}

/** Reads a cursor that came from outside (a file, a header); refuses anything else. */
export function parseFeedCursor(text: string): FeedCursor {
  cursorParts(text);
  return text as FeedCursor;
}

/** A place behind which the event of this cursor comes next, as long as the log holds it. */
export function cursorBefore(cursor: FeedCursor): FeedCursor {
  const [xid, position] = cursorParts(cursor);
  return feedCursor(xid, String(BigInt(position) - 1n));
}

/** The two columns of a cursor, in the order in which the feed is sorted. */
export function cursorParts(cursor: string): readonly [xid: string, position: string] {
  const [, xid, position] = SHAPE.exec(cursor) ?? [];
  if (xid === undefined || position === undefined) {
    throw new InvalidEventError(
      `${JSON.stringify(cursor.slice(0, 60))} is not a feed cursor: expected two numbers, "xid:position"`,
    );
  }
  return [xid, position];
}

/** Negative, zero or positive, as `a` comes before, is, or comes after `b` in the feed. */
export function compareCursors(a: FeedCursor, b: FeedCursor): number {
  const [xidA, positionA] = cursorParts(a);
  const [xidB, positionB] = cursorParts(b);
  return comparePlaces({ xid: xidA, position: positionA }, { xid: xidB, position: positionB });
}

/** The same for the two columns. */
export function comparePlaces(a: Place, b: Place): number {
  return compareNumerals(a.xid, b.xid) || compareNumerals(a.position, b.position);
}

type Place = { readonly xid: string; readonly position: string };

/** Both numbers may exceed what a double can hold, so they stay texts: the longer one is the larger one. */
function compareNumerals(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
