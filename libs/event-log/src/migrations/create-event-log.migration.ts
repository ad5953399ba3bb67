import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The log, the inbox and the two kinds of checkpoints, and the two roles that may use them. */
export class CreateEventLog1764000000000 implements MigrationInterface {
  readonly name = 'CreateEventLog1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [ROLES, EVENT, APPEND_ONLY, INBOX, CHECKPOINTS, GRANTS]) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE log.subscription_checkpoint, log.relay_checkpoint, log.inbox, log.event;
      DROP FUNCTION log.refuse_rewrite();
      REVOKE ALL ON SCHEMA log FROM gantry_log_writer, gantry_log_reader`);
    // The roles stay: they belong to the cluster, and another of its databases may use them.
  }
}

/** Two migrations in two databases of one cluster may both find the role missing: the loser's error is no error. */
const createRole = (role: string): string => `
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN
    BEGIN
      CREATE ROLE ${role} NOLOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
  END IF;`;

const ROLES = `DO $$ BEGIN ${createRole('gantry_log_writer')} ${createRole('gantry_log_reader')} END $$`;

/**
 * `xid` is the writing transaction's number: with it the feed can be read in an order that no slow commit upsets
 * (README, "The order trap"). Hashes are kept as 32 bytes, not as 64 characters.
 */
const EVENT = `
  CREATE SCHEMA IF NOT EXISTS log;
  CREATE TABLE log.event (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    stream_type text NOT NULL,
    stream_id text NOT NULL,
    stream_version integer NOT NULL CHECK (stream_version > 0),
    event_id uuid NOT NULL,
    type text NOT NULL,
    schema_version integer NOT NULL CHECK (schema_version > 0),
    data jsonb NOT NULL,
    metadata jsonb NOT NULL,
    recorded_at timestamptz NOT NULL,
    prev_hash bytea NOT NULL CHECK (octet_length(prev_hash) = 32),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    CONSTRAINT event_stream_version_key UNIQUE (stream_type, stream_id, stream_version),
    CONSTRAINT event_event_id_key UNIQUE (event_id)
  );
  CREATE INDEX event_feed_idx ON log.event (xid, position)`;

/** ENABLE ALWAYS: an ordinary trigger is silent when session_replication_role is "replica". */
const APPEND_ONLY = `
  CREATE FUNCTION log.refuse_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'log.event is append-only: % is refused', TG_OP
      USING ERRCODE = 'insufficient_privilege',
            HINT = 'To correct a fact, append another event that says so.';
  END $$;
  CREATE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log.event
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_rewrite();
  ALTER TABLE log.event ENABLE ALWAYS TRIGGER event_is_append_only`;

const INBOX = `
  CREATE TABLE log.inbox (
    consumer text NOT NULL,
    message_id text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (consumer, message_id)
  );
  CREATE INDEX inbox_received_at_idx ON log.inbox USING brin (received_at)`;

/** Rows that are overwritten many times a second: room on the page lets Postgres do it in place. */
const CHECKPOINTS = ['relay_checkpoint', 'subscription_checkpoint']
  .map(
    (table) => `
  CREATE TABLE log.${table} (
    name text PRIMARY KEY,
    xid xid8 NOT NULL,
    position bigint NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
  ) WITH (fillfactor = 50)`,
  )
  .join(';');

const GRANTS = `
  GRANT USAGE ON SCHEMA log TO gantry_log_writer, gantry_log_reader;
  GRANT SELECT ON ALL TABLES IN SCHEMA log TO gantry_log_writer, gantry_log_reader;
  GRANT INSERT ON log.event TO gantry_log_writer;
  GRANT INSERT, UPDATE, DELETE ON log.inbox, log.relay_checkpoint, log.subscription_checkpoint TO gantry_log_writer`;
