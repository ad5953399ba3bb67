import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lives of orchestrators and what they were at work on: notes that may be lost at any time, as they are when Postgres crashes. */
export class CreateCrashLedger1790000000002 implements MigrationInterface {
  readonly name = 'CreateCrashLedger1790000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE UNLOGGED TABLE orchestrator.life (
      life uuid PRIMARY KEY, since timestamptz NOT NULL DEFAULT now())`);
    await runner.query(`CREATE UNLOGGED TABLE orchestrator.at_work (
      life uuid NOT NULL, stream text NOT NULL, work text NOT NULL,
      PRIMARY KEY (life, stream, work))`);
    await runner.query(`CREATE UNLOGGED TABLE orchestrator.hazard (
      stream text NOT NULL, work text NOT NULL, deaths int NOT NULL, PRIMARY KEY (stream, work))`);
    for (const table of ['life', 'at_work', 'hazard'])
      await runner.query(
        `GRANT SELECT, INSERT, UPDATE, DELETE ON orchestrator.${table} TO gantry_log_writer`,
      );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE orchestrator.at_work, orchestrator.life, orchestrator.hazard');
  }
}
