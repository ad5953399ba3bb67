import { GantryError, isGantryError, messageOf } from '@gantry/service-kit';
import type { Pool, PoolClient } from 'pg';

/** Runs the work in one transaction; a database that cannot be reached is `unavailable`, and so tried again. */
export async function inTransaction<T>(
  pool: Pool,
  mode: 'READ WRITE' | 'ISOLATION LEVEL REPEATABLE READ READ ONLY',
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw unavailable(error);
  });
  try {
    await client.query(`BEGIN ${mode}`);
    const value = await work(client);
    await client.query('COMMIT');
    client.release();
    return value;
  } catch (error) {
    // A connection in an unknown state is not given back: closing it ends the transaction as well.
    client.release(true);
    throw isGantryError(error) && !isSqlState(error.code) ? error : unavailable(error);
  }
}

const isSqlState = (code: string): boolean => /^[0-9A-Z]{5}$/.test(code);

function unavailable(cause: unknown): GantryError {
  return new GantryError(
    'unavailable',
    'audit.database-unavailable',
    `The read models cannot be read or written: ${messageOf(cause)}. It is tried again.`,
    { cause },
  );
}
