import { Client } from 'pg';
import { UnsafeDatabaseError } from '../errors/unsafe-database-error.js';

/** Which database to repair after a restore, as its owner, and which subscriptions will be rebuilt after it. */
export type RebaseInput = {
  readonly url: string;
  /** Subscriptions that had not caught up when the dump was made lose their checkpoint; name them to agree. */
  readonly rebuild?: readonly string[];
};

/** What was repaired. `forgotten` names the subscriptions to be rebuilt before they are started. */
export type RebaseResult = { readonly events: number; readonly forgotten: readonly string[] };

const UNFINISHED = `SELECT name FROM log.subscription_checkpoint AS c WHERE EXISTS (
  SELECT FROM log.event AS e WHERE (e.xid, e.position) > (c.xid, c.position)) ORDER BY name`;

/** A relay that had not caught up publishes again from the first event it had not: at least once, as always. */
const RELAYS = `UPDATE log.relay_checkpoint AS c SET xid = '1', position = coalesce(
  (SELECT min(position) - 1 FROM log.event AS e WHERE (e.xid, e.position) > (c.xid, c.position)),
  (SELECT max(position) FROM log.event), 0)`;

const SUBSCRIPTIONS = `UPDATE log.subscription_checkpoint SET xid = '1',
  position = coalesce((SELECT max(position) FROM log.event), 0)`;

/**
 * Makes the history of a dump that was restored into a younger cluster readable again. Its events carry transaction
 * numbers that this cluster has not reached, so readers would take them for not yet committed. All get the number 1:
 * their order is then that of their positions, in which each stream's versions ascend. Hashes do not cover the number.
 * Nothing may be connected meanwhile. Does nothing when history is not in the future.
 */
export async function rebaseRestoredLog({ url, rebuild = [] }: RebaseInput): Promise<RebaseResult> {
  const client = new Client({ connectionString: url, application_name: 'gantry-rebase' });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('LOCK TABLE log.event IN ACCESS EXCLUSIVE MODE');
    const result = (await isInFuture(client))
      ? await rebase(client, rebuild)
      : { events: 0, forgotten: [] };
    await client.query('COMMIT');
    return result;
  } finally {
    await client.end();
  }
}

async function isInFuture(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ future: boolean }>(
    `SELECT EXISTS (SELECT FROM log.event WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())) AS future`,
  );
  return rows[0]?.future === true;
}

async function rebase(client: Client, rebuild: readonly string[]): Promise<RebaseResult> {
  const { rows } = await client.query<{ name: string }>(UNFINISHED);
  const forgotten = rows.map(({ name }) => name);
  const unforeseen = forgotten.filter((name) => !rebuild.includes(name));
  if (unforeseen.length > 0) {
    throw new UnsafeDatabaseError(
      `Subscriptions ${unforeseen.join(', ')} had not caught up when the dump was made, and their place is lost: ` +
        'pass their names in "rebuild", and rebuild their projections before they are started',
      { subscriptions: unforeseen },
    );
  }
  await client.query('DELETE FROM log.subscription_checkpoint WHERE name = ANY($1)', [forgotten]);
  await client.query(RELAYS);
  await client.query(SUBSCRIPTIONS);
  await client.query('ALTER TABLE log.event DISABLE TRIGGER event_is_append_only');
  const { rowCount } = await client.query(`UPDATE log.event SET xid = '1'`);
  await client.query('ALTER TABLE log.event ENABLE ALWAYS TRIGGER event_is_append_only');
  return { events: rowCount ?? 0, forgotten };
}
