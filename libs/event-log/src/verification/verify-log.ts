import type { Pool } from 'pg';
import { assertStreamId, type StreamId } from '../model/stream-id.js';
import { inTransaction } from '../postgres/in-transaction.js';
import { PoolSql } from '../postgres/pool-sql.js';
import { readStream } from '../sql/read-stream.js';
import { BEGIN_SCAN, scanFeed } from '../sql/scan-feed.js';
import { ChainCheck, type ChainFault } from './chain-check.js';

/** What a check of hash chains found. */
export type Verification =
  | { readonly intact: true; readonly checked: number }
  | { readonly intact: false; readonly checked: number; readonly fault: ChainFault };

/** Follows one stream's hash chain from its first event to its last. */
export async function verifyStream(pool: Pool, stream: StreamId): Promise<Verification> {
  assertStreamId(stream);
  const check = new ChainCheck();
  for (const row of await readStream(new PoolSql(pool), stream, 1)) {
    const fault = check.check(row);
    if (fault) return { intact: false, checked: check.checked, fault };
  }
  return { intact: true, checked: check.checked };
}

/** Follows every stream's chain in one pass over the feed, from one snapshot. Stops at the first fault. */
export async function verifyAll(pool: Pool, batchSize = 1000): Promise<Verification> {
  const check = new ChainCheck();
  return await inTransaction(
    pool,
    async (sql): Promise<Verification> => {
      for await (const rows of scanFeed(sql, batchSize)) {
        for (const row of rows) {
          const fault = check.check(row);
          if (fault) return { intact: false, checked: check.checked, fault };
        }
      }
      return { intact: true, checked: check.checked };
    },
    BEGIN_SCAN,
  );
}
