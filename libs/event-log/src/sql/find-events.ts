import { EVENT_COLUMNS, type EventRow } from './event-row.js';
import type { SqlRunner } from './sql-runner.js';

const SQL = `SELECT ${EVENT_COLUMNS} FROM log.event WHERE event_id = ANY($1::uuid[])`;

/** The rows that have one of these event ids. */
export async function findEvents(
  sql: SqlRunner,
  eventIds: readonly string[],
): Promise<readonly EventRow[]> {
  const { rows } = await sql.query<EventRow>({ name: 'log.find', text: SQL, values: [eventIds] });
  return rows;
}
