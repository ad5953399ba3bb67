import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Claims, slots, timers and the sequence of fencing numbers. All of it can be rebuilt from the log. */
export class CreateOrchestrator1790000000001 implements MigrationInterface {
  readonly name = 'CreateOrchestrator1790000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA IF NOT EXISTS orchestrator');
    await runner.query('CREATE SEQUENCE orchestrator.fence INCREMENT BY 10000 START WITH 10000');
    await runner.query(`CREATE TABLE orchestrator.host_claim (
      host text PRIMARY KEY, stream text NOT NULL, epoch bigint NOT NULL, members jsonb NOT NULL, servers text[] NOT NULL)`);
    await runner.query('CREATE INDEX host_claim_stream ON orchestrator.host_claim (stream)');
    await runner.query(`CREATE TABLE orchestrator.active_deployment (
      application text NOT NULL, environment text NOT NULL, stream text NOT NULL UNIQUE, PRIMARY KEY (application, environment))`);
    await runner.query(`CREATE TABLE orchestrator.timer (
      stream text PRIMARY KEY, due timestamptz NOT NULL, wants_place boolean NOT NULL)`);
    await runner.query('CREATE INDEX timer_due ON orchestrator.timer (due)');
    await runner.query('GRANT USAGE ON SCHEMA orchestrator TO gantry_log_writer');
    await runner.query(
      'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA orchestrator TO gantry_log_writer',
    );
    await runner.query(
      'GRANT USAGE, SELECT, UPDATE ON SEQUENCE orchestrator.fence TO gantry_log_writer',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA orchestrator CASCADE');
  }
}
