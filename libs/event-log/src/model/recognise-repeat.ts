import { EventIdConflictError } from '../errors/event-id-conflict-error.js';
import type { EncodedRow } from './prepare-events.js';

/**
 * Decides whether events are in the log already: true when all of them are, false when none is.
 * @throws EventIdConflictError when an id stands there with something else, or only some of the ids are there.
 */
export function recogniseRepeat(
  wanted: readonly EncodedRow[],
  found: ReadonlyMap<string, EncodedRow>,
): boolean {
  const seen = new Set<string>();
  let known = 0;
  for (const row of wanted) {
    if (seen.has(row.eventId)) throw conflict(row, 'it occurs twice in one append');
    seen.add(row.eventId);
    const stored = found.get(row.eventId);
    if (stored === undefined) continue;
    if (!sameContent(row, stored)) {
      throw conflict(
        row,
        `it is in stream ${stored.streamType}-${stored.streamId} with other content`,
      );
    }
    known += 1;
  }
  const first = wanted[0];
  if (first !== undefined && known > 0 && known < wanted.length) {
    throw conflict(
      first,
      `${known} of ${wanted.length} events appended together are in the log, the others are not`,
    );
  }
  return known > 0;
}

/** Metadata is left out: a repeated request has the same facts but another trace. */
function sameContent(a: EncodedRow, b: EncodedRow): boolean {
  return (
    a.streamType === b.streamType &&
    a.streamId === b.streamId &&
    a.type === b.type &&
    a.schemaVersion === b.schemaVersion &&
    a.data === b.data
  );
}

function conflict(row: EncodedRow, why: string): EventIdConflictError {
  return new EventIdConflictError(
    `Event id ${row.eventId} cannot be appended to ${row.streamType}-${row.streamId}: ${why}. Use a new id for a new fact`,
    { eventId: row.eventId, stream: `${row.streamType}-${row.streamId}`, type: row.type },
  );
}
