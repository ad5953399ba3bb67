import type { Pool } from 'pg';

/** How far the log was: its newest event, and the highest number that any host can have seen. */
export interface LogMark {
  readonly eventId: string;
  readonly position: number;
  readonly fence: number;
}

const READ = `SELECT event_id AS "eventId", position::float8 AS position,
  (SELECT last_value::float8 FROM orchestrator.fence) AS fence
  FROM log.event ORDER BY position DESC LIMIT 1`;

/** The next number is above all that were drawn, here or in the future that the log lost. */
const LEAP = `SELECT setval('orchestrator.fence', (floor(greatest(last_value, $1) / $2::numeric) + 1)::bigint * $2::bigint)
  FROM orchestrator.fence`;

/** Numbers from one leap to the next: a hundred million decisions, nine thousand leaps below what a double can tell apart. */
export const LEAP_NUMBERS = 1_000_000_000_000;

/** Where the log ends, and whether it has been further. */
export class LogMarkRepository {
  constructor(private readonly pool: Pool) {}

  /** Undefined while the log is empty. */
  async read(): Promise<LogMark | undefined> {
    const { rows } = await this.pool.query<LogMark>(READ);
    return rows[0];
  }

  async holds({ eventId }: LogMark): Promise<boolean> {
    const { rowCount } = await this.pool.query('SELECT FROM log.event WHERE event_id = $1', [
      eventId,
    ]);
    return rowCount === 1;
  }

  /** Goes on with numbers above any that were drawn up to this mark, or shortly after it. */
  async leapOver({ fence }: LogMark): Promise<void> {
    await this.pool.query(LEAP, [fence, LEAP_NUMBERS]);
  }
}
