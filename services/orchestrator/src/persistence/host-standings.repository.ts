import { HostStanding } from '@gantry/contracts';
import { standingAfter, type Fact } from '@gantry/domain';
import type { LogTransaction } from '@gantry/event-log';
import type { Pool } from 'pg';

const ASKED = `INSERT INTO orchestrator.host_standing (host, stream, epoch, standing, memberships)
  VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (host) DO UPDATE SET stream = excluded.stream, epoch = excluded.epoch, standing = excluded.standing,
    memberships = excluded.memberships, changed_at = now()`;

const CAME = `UPDATE orchestrator.host_standing SET standing = $3, changed_at = now() WHERE host = $1 AND stream = $2`;

/** A host that has been back for longer is left out: a request about it that still comes finds nobody who asks for it. */
const LATELY = `SELECT host, epoch::float8 AS epoch, standing, CASE standing WHEN 'out' THEN memberships ELSE '[]'::jsonb END AS memberships
  FROM orchestrator.host_standing WHERE standing <> 'in' OR changed_at > now() - interval '1 hour'
  ORDER BY changed_at DESC LIMIT 20000`;

const REFILL = `INSERT INTO orchestrator.host_standing (host, stream, epoch, standing, memberships)
  SELECT asked.host, asked.stream, asked.epoch, coalesce(came.standing, asked.standing), asked.memberships
  FROM (
    SELECT DISTINCT ON (data ->> 'host') data ->> 'host' AS host, stream_type || '-' || stream_id AS stream, stream_type, stream_id,
      (data ->> 'epoch')::bigint AS epoch, data -> 'memberships' AS memberships, stream_version,
      CASE type WHEN 'lb.drain.requested' THEN 'asked-out' ELSE 'asked-in' END AS standing
    FROM log.event WHERE type IN ('lb.drain.requested', 'lb.enable.requested')
    ORDER BY data ->> 'host', xid DESC, position DESC
  ) asked LEFT JOIN LATERAL (
    SELECT CASE WHEN type = 'deployment.host-drained' OR data ->> 'outOfService' = 'true' THEN 'out' ELSE 'in' END AS standing
    FROM log.event e
    WHERE e.stream_type = asked.stream_type AND e.stream_id = asked.stream_id AND e.stream_version > asked.stream_version
      AND e.data ->> 'host' = asked.host
      AND e.type IN ('deployment.host-drained', 'deployment.host-enabled', 'deployment.host-failed')
    ORDER BY e.stream_version DESC LIMIT 1
  ) came ON true
  WHERE NOT EXISTS (SELECT FROM orchestrator.host_standing)
  ON CONFLICT (host) DO NOTHING`;

/** Brings the standing of the events' hosts up to date, within the events' transaction. */
export async function noteStandings(
  tx: Pick<LogTransaction, 'query'>,
  stream: string,
  facts: readonly Fact[],
): Promise<void> {
  for (const fact of facts) {
    const after = standingAfter(fact);
    if (after === undefined) continue;
    if (after.change === 'came') {
      await tx.query(CAME, [after.host, stream, after.standing]);
      continue;
    }
    const { host, epoch, standing, memberships } = after.standing;
    await tx.query(ASKED, [host, stream, epoch, standing, JSON.stringify(memberships)]);
  }
}

/** Where hosts stand with load balancers by the log. */
export class HostStandingsRepository {
  constructor(private readonly pool: Pool) {}

  /** Hosts that are out or are being asked about, and those that came back within an hour; newest first. */
  async lately(): Promise<readonly HostStanding[]> {
    const { rows } = await this.pool.query<HostStanding>(LATELY);
    return rows.map((row) => HostStanding.parse(row));
  }

  /** Fills an empty table from the log: after it was emptied, or when it is new. */
  async refill(): Promise<void> {
    await this.pool.query(REFILL);
  }
}

/** Where hosts stand, whoever knows it. */
export type HostStandings = Pick<HostStandingsRepository, keyof HostStandingsRepository>;
