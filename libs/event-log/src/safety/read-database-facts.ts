import type { SqlRunner } from '../sql/sql-runner.js';

/** What a start-up check must know of the server, the database and the role. */
export type DatabaseFacts = {
  readonly fsync: string;
  readonly synchronous_commit: string;
  readonly full_page_writes: string;
  readonly role: string;
  readonly superuser: boolean;
  readonly owner: boolean;
  readonly may_rewrite: boolean;
  readonly may_append: boolean;
  readonly trigger_on: boolean;
  readonly max_xid: string | null;
  readonly next_xid: string;
  readonly in_future: boolean;
};

/** Asks the catalogue: naming a table of a schema that may not be used is an error by itself. */
const TABLES = `SELECT count(*) = 2 AND bool_and(has_schema_privilege(relnamespace, 'USAGE')) AS ready FROM pg_class
  WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = 'log')
    AND relkind = 'r' AND relname IN ('event', 'schema_migration')`;

const MIGRATIONS = `SELECT name FROM log.schema_migration`;

const FACTS = `SELECT current_setting('fsync') AS fsync,
  current_setting('synchronous_commit') AS synchronous_commit,
  current_setting('full_page_writes') AS full_page_writes,
  current_user AS role,
  (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
  (SELECT pg_has_role(current_user, relowner, 'MEMBER') FROM pg_class WHERE oid = 'log.event'::regclass) AS owner,
  has_table_privilege('log.event', 'UPDATE, DELETE, TRUNCATE, TRIGGER')
    OR has_any_column_privilege('log.event', 'UPDATE') AS may_rewrite,
  has_table_privilege('log.event', 'SELECT') AND has_table_privilege('log.event', 'INSERT') AS may_append,
  EXISTS (SELECT FROM pg_trigger WHERE tgrelid = 'log.event'::regclass AND tgname = 'event_is_append_only'
    AND tgenabled = 'A') AS trigger_on,
  newest.xid::text AS max_xid,
  pg_snapshot_xmax(pg_current_snapshot())::text AS next_xid,
  coalesce(newest.xid >= pg_snapshot_xmax(pg_current_snapshot()), false) AS in_future
  FROM (VALUES (1)) AS one
  LEFT JOIN LATERAL (SELECT xid FROM log.event ORDER BY xid DESC, position DESC LIMIT 1) AS newest ON true`;

/** The names of the migrations that this database has had; undefined when it has no log, or none for this role. */
export async function readMigrations(sql: SqlRunner): Promise<readonly string[] | undefined> {
  const { rows } = await sql.query<{ ready: boolean | null }>({ text: TABLES });
  if (rows[0]?.ready !== true) return undefined;
  const migrations = await sql.query<{ name: string }>({ text: MIGRATIONS });
  return migrations.rows.map(({ name }) => name);
}

/** Everything else the start-up check looks at. */
export async function readDatabaseFacts(sql: SqlRunner): Promise<DatabaseFacts> {
  const { rows } = await sql.query<DatabaseFacts>({ text: FACTS });
  const [facts] = rows;
  if (facts === undefined) throw new RangeError('The database told nothing about itself');
  return facts;
}
