import type { LogTransaction } from '@gantry/event-log';
import type { Admission, Fact, HostClaim } from '@gantry/domain';
import { noteStandings } from './host-standings.repository.js';

/** A block of fresh numbers, and what other streams hold. */
export interface Reading {
  readonly fence: number;
  readonly admission: Admission;
}

/** What the tables say that a stream holds. */
export interface Held {
  readonly claims: readonly Pick<HostClaim, 'host' | 'epoch'>[];
  readonly slot: boolean;
  readonly timer: boolean;
}

interface Row {
  readonly fence: string;
  readonly claims: readonly {
    readonly host: string;
    readonly members: HostClaim['members'];
    readonly servers: readonly string[];
  }[];
}

const READ = `SELECT nextval('orchestrator.fence') AS fence,
  (SELECT coalesce(json_agg(json_build_object('host', host, 'members', members, 'servers', servers)), '[]'::json)
   FROM orchestrator.host_claim WHERE stream <> $1) AS claims`;

const HELD_BY = `SELECT
  (SELECT coalesce(json_agg(json_build_object('host', host, 'epoch', epoch)), '[]'::json)
   FROM orchestrator.host_claim WHERE stream = $1) AS claims,
  EXISTS (SELECT FROM orchestrator.active_deployment WHERE stream = $1) AS slot,
  EXISTS (SELECT FROM orchestrator.timer WHERE stream = $1) AS timer`;

/** Claims, slots and timers: derived from the log, written in the transaction of the events they follow from. */
export class AllocationsRepository {
  /** What others hold, as this transaction sees it. */
  async read(tx: Pick<LogTransaction, 'query'>, stream: string): Promise<Reading> {
    const [row] = await tx.query<Row>(READ, [stream]);
    if (row === undefined) throw new Error('a SELECT without FROM gives one row');
    return { fence: Number(row.fence), admission: admissionOf(row.claims) };
  }

  /** The deployment that occupies the slot, if any. */
  async occupant(
    tx: Pick<LogTransaction, 'query'>,
    application: string,
    environment: string,
  ): Promise<string | undefined> {
    const sql =
      'SELECT stream FROM orchestrator.active_deployment WHERE application = $1 AND environment = $2';
    const [row] = await tx.query<{ stream: string }>(sql, [application, environment]);
    return row?.stream;
  }

  /** What the stream holds by the tables. */
  async heldBy(tx: Pick<LogTransaction, 'query'>, stream: string): Promise<Held> {
    const [row] = await tx.query<Held>(HELD_BY, [stream]);
    if (row === undefined) throw new Error('a SELECT without FROM gives one row');
    return row;
  }

  /** Brings the stream's claims from `before` to `after`. False when somebody else owns one of the hosts meanwhile. */
  async replaceClaims(
    tx: Pick<LogTransaction, 'query'>,
    stream: string,
    before: Held['claims'],
    after: readonly HostClaim[],
  ): Promise<boolean> {
    const kept = new Set(after.map(keyOf));
    const had = new Set(before.map(keyOf));
    const gone = before.filter((c) => !kept.has(keyOf(c)));
    const fresh = after.filter((c) => !had.has(keyOf(c)));
    if (gone.length > 0) await this.release(tx, stream, gone);
    if (fresh.length === 0) return true;
    const sql = `INSERT INTO orchestrator.host_claim (host, stream, epoch, members, servers)
      SELECT host, $1, epoch, members, servers FROM json_to_recordset($2::json) AS c(host text, epoch bigint, members jsonb, servers text[])
      ORDER BY host
      ON CONFLICT (host) DO UPDATE SET epoch = excluded.epoch, members = excluded.members, servers = excluded.servers
      WHERE host_claim.stream = excluded.stream
      RETURNING host`;
    const rows = await tx.query(sql, [stream, JSON.stringify(fresh)]);
    return rows.length === fresh.length;
  }

  /** Occupies or frees the slot of an application in an environment. */
  async replaceSlot(
    tx: Pick<LogTransaction, 'query'>,
    stream: string,
    slot: { readonly application: string; readonly environment: string } | undefined,
  ): Promise<boolean> {
    if (slot === undefined) {
      await tx.query('DELETE FROM orchestrator.active_deployment WHERE stream = $1', [stream]);
      return true;
    }
    const sql = `INSERT INTO orchestrator.active_deployment (application, environment, stream) VALUES ($1, $2, $3)
      ON CONFLICT (application, environment) DO UPDATE SET stream = excluded.stream
      WHERE active_deployment.stream = excluded.stream
      RETURNING stream`;
    return (await tx.query(sql, [slot.application, slot.environment, stream])).length === 1;
  }

  /** Where the events' hosts stand with load balancers after them. */
  async stand(
    tx: Pick<LogTransaction, 'query'>,
    stream: string,
    facts: readonly Fact[],
  ): Promise<void> {
    await noteStandings(tx, stream, facts);
  }

  /** Sets or clears the stream's one timer. */
  async setTimer(
    tx: Pick<LogTransaction, 'query'>,
    stream: string,
    due: string | undefined,
    wantsPlace: boolean,
  ): Promise<void> {
    if (due === undefined) {
      await tx.query('DELETE FROM orchestrator.timer WHERE stream = $1', [stream]);
      return;
    }
    const sql = `INSERT INTO orchestrator.timer (stream, due, wants_place) VALUES ($1, $2, $3)
      ON CONFLICT (stream) DO UPDATE SET due = excluded.due, wants_place = excluded.wants_place`;
    await tx.query(sql, [stream, due, wantsPlace]);
  }

  private async release(
    tx: Pick<LogTransaction, 'query'>,
    stream: string,
    gone: Held['claims'],
  ): Promise<void> {
    await tx.query(
      'DELETE FROM orchestrator.host_claim WHERE stream = $1 AND host = ANY($2::text[])',
      [stream, gone.map((c) => c.host)],
    );
    // Whoever waits for a place is woken at once instead of at its next look. A row that somebody holds just now is
    // skipped: waiting for it would be a deadlock when both release, and its owner is looking anyway.
    await tx.query(
      `UPDATE orchestrator.timer SET due = now() WHERE stream IN (
        SELECT stream FROM orchestrator.timer WHERE wants_place AND stream <> $1 AND due > now() FOR UPDATE SKIP LOCKED)`,
      [stream],
    );
  }
}

/** Claims, slots and timers, whoever keeps them: this repository, or its twin in memory that passes the same suite. */
export type Allocations = Pick<AllocationsRepository, keyof AllocationsRepository>;

const keyOf = (claim: Held['claims'][number]): string => `${claim.host}#${claim.epoch}`;

function admissionOf(claims: Row['claims']): Admission {
  const heldInPools = new Map<string, string[]>();
  const runsOn = new Map<string, number>();
  for (const { members, servers } of claims) {
    for (const { pool, member } of members)
      heldInPools.set(pool, [...(heldInPools.get(pool) ?? []), member]);
    for (const server of servers) runsOn.set(server, (runsOn.get(server) ?? 0) + 1);
  }
  return { claimed: new Set(claims.map((c) => c.host)), heldInPools, runsOn };
}
