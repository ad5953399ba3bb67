import type { Pool } from 'pg';
import { installPeers, loadPeer } from '../peers/peer-modules.js';
import type { Appender } from './appender.js';
import { plainPool } from './plain-pool.js';
import { SAMPLE } from './sample-event.js';
import { StreamWalk } from './stream-walk.js';

/** What is used of @event-driven-io/emmett-postgresql. */
interface Emmett {
  readonly getPostgreSQLEventStore: (
    url: string,
    options: { readonly connectionOptions: { readonly pool: Pool } },
  ) => {
    readonly schema: { migrate(): Promise<unknown> };
    appendToStream(
      stream: string,
      events: readonly { readonly type: string; readonly data: unknown }[],
      options?: { readonly expectedStreamVersion: bigint },
    ): Promise<unknown>;
    close(): Promise<void>;
  };
}

/** Emmett's event store on Postgres, with as many connections as there are writers. */
export async function emmettAppender(url: string, writers: number): Promise<Appender> {
  await installPeers();
  const { getPostgreSQLEventStore } = await loadPeer<Emmett>('@event-driven-io/emmett-postgresql');
  const pool = plainPool(url, writers);
  const store = getPostgreSQLEventStore(url, { connectionOptions: { pool } });
  await store.schema.migrate();
  const walk = new StreamWalk();
  const events = [{ type: SAMPLE.type, data: SAMPLE.data }];
  return {
    name: 'Emmett appendToStream',
    append: async (writer) => {
      const { id, version } = walk.next(writer);
      const expected = version === 0 ? undefined : { expectedStreamVersion: BigInt(version) };
      await store.appendToStream(`deployment-${id}`, events, expected);
    },
    close: async () => {
      await store.close();
      // Some versions end a pool they were given.
      if (!pool.ended) await pool.end();
    },
  };
}
