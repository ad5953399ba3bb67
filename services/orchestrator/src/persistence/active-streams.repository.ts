import type { Pool } from 'pg';

/** A stream's last event: enough to tell whether the stream has ended. */
export interface StreamHead {
  readonly stream: string;
  readonly lastType: string;
}

/**
 * From one stream id to the next through the log's unique index, and to the end of each: the cost is that of the streams,
 * not of their events.
 */
const HEADS = `WITH RECURSIVE walk AS (
    (SELECT stream_id FROM log.event WHERE stream_type = $1 ORDER BY stream_id LIMIT 1)
    UNION ALL
    SELECT (SELECT e.stream_id FROM log.event e WHERE e.stream_type = $1 AND e.stream_id > walk.stream_id
      ORDER BY e.stream_id LIMIT 1)
    FROM walk WHERE walk.stream_id IS NOT NULL)
  SELECT $1 || '-' || walk.stream_id AS stream, head.type AS "lastType" FROM walk CROSS JOIN LATERAL (
    SELECT type FROM log.event e WHERE e.stream_type = $1 AND e.stream_id = walk.stream_id
    ORDER BY e.stream_version DESC LIMIT 1) head
  WHERE head.type <> ALL ($2::text[])`;

const HOLDERS = `SELECT stream FROM orchestrator.host_claim UNION SELECT stream FROM orchestrator.active_deployment
  UNION SELECT stream FROM orchestrator.timer`;

/** Which streams may hold anything: asked of the log, and of the tables that are derived from it. */
export class ActiveStreamsRepository {
  constructor(private readonly pool: Pool) {}

  /** Streams of the type whose last event is none of these. */
  async notEndedBy(streamType: string, ends: readonly string[]): Promise<readonly string[]> {
    const { rows } = await this.pool.query<StreamHead>(HEADS, [streamType, ends]);
    return rows.map((row) => row.stream);
  }

  /** Streams that stand in any of the derived tables. */
  async holders(): Promise<readonly string[]> {
    const { rows } = await this.pool.query<{ stream: string }>(HOLDERS);
    return rows.map((row) => row.stream);
  }
}

/** Which streams may hold anything, whoever knows it. */
export type ActiveStreams = Pick<ActiveStreamsRepository, keyof ActiveStreamsRepository>;
