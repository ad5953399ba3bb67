import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { leftoversOf } from './leftovers.js';
import { Postgres } from './postgres.js';
import { Workspace } from './workspace.js';

describe('a private Postgres', () => {
  let workspace: Workspace;
  let postgres: Postgres;

  beforeAll(async () => {
    workspace = await Workspace.open();
    postgres = await Postgres.start({ workspace });
  }, 60_000);

  afterAll(async () => {
    await postgres.stop();
    await workspace.close();
  });

  it('is durable: a committed row survives kill -9 of the server', async () => {
    expect(await postgres.createDatabase('shop')).toBe(postgres.url('shop'));
    await postgres.sql("CREATE TABLE t (v text); INSERT INTO t VALUES ('kept')", 'shop');

    await postgres.kill9();
    await expect(postgres.sql('SELECT 1')).rejects.toThrow(/psql/);
    await postgres.up();

    expect(await postgres.sql('SELECT v FROM t', 'shop')).toBe('kept');
    expect(await postgres.sql('SHOW fsync')).toBe('on');
  }, 60_000);

  it('leaves no process and no file', async () => {
    await postgres.stop();
    await workspace.close();
    expect(await leftoversOf(workspace)).toEqual([]);
  }, 60_000);
});
