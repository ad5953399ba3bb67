import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A service's own migration, as services add them to the log's. */
export class CreateCounters1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE SCHEMA app`);
    await runner.query(
      `CREATE TABLE app.counter (stream text PRIMARY KEY, events integer NOT NULL, last_version integer NOT NULL)`,
    );
    await runner.query(
      `GRANT USAGE ON SCHEMA app TO gantry_log_writer; GRANT ALL ON app.counter TO gantry_log_writer`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP SCHEMA app CASCADE`);
  }
}
