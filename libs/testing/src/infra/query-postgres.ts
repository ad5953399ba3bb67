import { Client, type QueryResult } from 'pg';

/** One row, by column name. */
export type Row = Readonly<Record<string, unknown>>;

/** Runs SQL on a connection of its own; returns the rows of the last statement. */
export async function queryPostgres(url: string, statement: string): Promise<readonly Row[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // A lost connection is also told to the query that waits; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    // Several statements give several results; pg's types know only of one.
    const results = [await client.query(statement)].flat() as QueryResult<Row>[];
    return results.at(-1)?.rows ?? [];
  } finally {
    await client.end();
  }
}

/** True when a database lets this URL in. */
export function postgresAnswers(url: string): Promise<boolean> {
  return queryPostgres(url, 'SELECT 1').then(
    () => true,
    () => false,
  );
}
