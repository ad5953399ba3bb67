import { Pool } from 'pg';

/** Connections as everybody has them. The server is taken down while the last of them are still closing. */
export function plainPool(url: string, max: number): Pool {
  const pool = new Pool({ connectionString: url, max });
  pool.on('error', () => undefined);
  return pool;
}
