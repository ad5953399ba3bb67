import type { Pool } from 'pg';
import { PoolSql } from '../postgres/pool-sql.js';
import { selectRelayLag, type RelayLag } from '../sql/relay-lag.js';

export type { RelayLag };

/** How far the relay of this name is behind the log; any process may ask, not only the leader. */
export async function readRelayLag(pool: Pool, name = 'relay'): Promise<RelayLag> {
  return await selectRelayLag(new PoolSql(pool), name);
}
