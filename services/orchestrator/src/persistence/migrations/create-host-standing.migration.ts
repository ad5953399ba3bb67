import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where hosts stand with load balancers by the log; can be filled from it again. */
export class CreateHostStanding1790000000003 implements MigrationInterface {
  readonly name = 'CreateHostStanding1790000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE orchestrator.host_standing (
      host text PRIMARY KEY, stream text NOT NULL, epoch bigint NOT NULL, standing text NOT NULL, memberships jsonb NOT NULL,
      changed_at timestamptz NOT NULL DEFAULT now())`);
    await runner.query(
      'GRANT SELECT, INSERT, UPDATE, DELETE ON orchestrator.host_standing TO gantry_log_writer',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE orchestrator.host_standing');
  }
}
