import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The read models of releases and holds. The generation that is current has no such rows yet, and its place in the feed lies behind their
 * events: it is put back to the start and folds everything once more.
 */
export class CreateRelease1790000000003 implements MigrationInterface {
  readonly name = 'CreateRelease1790000000003';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['release', 'hold']) {
      await runner.query(`CREATE TABLE audit.${table} (
        generation integer NOT NULL REFERENCES audit.generation ON DELETE CASCADE,
        key text NOT NULL, state jsonb NOT NULL, summary jsonb, PRIMARY KEY (generation, key))`);
      await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON audit.${table} TO gantry_audit`);
    }
    await runner.query(
      `CREATE INDEX release_newest_idx ON audit.release (generation, (state->>'createdAt') DESC)`,
    );
    await runner.query('DELETE FROM audit.generation');
    await runner.query('INSERT INTO audit.generation (current) VALUES (true)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit.release, audit.hold');
  }
}
