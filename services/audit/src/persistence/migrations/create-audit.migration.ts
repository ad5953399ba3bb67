import type { MigrationInterface, QueryRunner } from 'typeorm';

const MODELS = ['deployment', 'refresh', 'host', 'fleet', 'build', 'attention'];

/** The read models and the place in the feed up to which they are true, and the role that may keep them. */
export class CreateAudit1764000100000 implements MigrationInterface {
  readonly name = 'CreateAudit1764000100000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [ROLE, GENERATION, ...MODELS.map(table), INDEXES, GRANTS]) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA audit CASCADE');
  }
}

const ROLE = `DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gantry_audit') THEN
    BEGIN
      CREATE ROLE gantry_audit NOLOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
  END IF;
END $$`;

/** One generation of rows is current; a rebuild folds the next one beside it. */
const GENERATION = `
  CREATE SCHEMA IF NOT EXISTS audit;
  CREATE TABLE audit.generation (
    generation integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    position text NOT NULL DEFAULT '0:0',
    events bigint NOT NULL DEFAULT 0,
    current boolean NOT NULL
  ) WITH (fillfactor = 50);
  CREATE UNIQUE INDEX generation_one_current_idx ON audit.generation (current) WHERE current;
  INSERT INTO audit.generation (current) VALUES (true)`;

const table = (name: string): string => `
  CREATE TABLE audit.${name} (
    generation integer NOT NULL REFERENCES audit.generation ON DELETE CASCADE,
    key text NOT NULL,
    state jsonb NOT NULL,
    summary jsonb,
    PRIMARY KEY (generation, key)
  )`;

const INDEXES = `
  CREATE INDEX deployment_newest_idx ON audit.deployment (generation, (summary->>'requestedAt') DESC);
  CREATE INDEX deployment_place_idx ON audit.deployment
    (generation, (summary->>'application'), (summary->>'environment'), (summary->>'requestedAt') DESC);
  CREATE INDEX build_newest_idx ON audit.build (generation, (state->>'seenAt') DESC);
  CREATE INDEX attention_newest_idx ON audit.attention (generation, (state->>'openedAt') DESC)`;

const GRANTS = `
  GRANT gantry_log_reader TO gantry_audit;
  GRANT USAGE ON SCHEMA audit TO gantry_audit;
  GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA audit TO gantry_audit`;
