import { randomUUID } from 'node:crypto';
import type { ClientBase } from 'pg';
import type { Appender } from './appender.js';
import { plainPool } from './plain-pool.js';
import { SAMPLE } from './sample-event.js';
import { StreamWalk } from './stream-walk.js';

const HASH = Buffer.alloc(32, 7);

/** A table with the log's columns and indexes, in a database where the log's own migrations have run. */
const likeLog = (table: string): string =>
  `CREATE SCHEMA IF NOT EXISTS bare; CREATE TABLE ${table} (LIKE log.event INCLUDING ALL)`;

const insertInto = (
  table: string,
): string => `INSERT INTO ${table} (stream_type, stream_id, stream_version,
  event_id, type, schema_version, data, metadata, recorded_at, prev_hash, hash)
  VALUES ('deployment', $1, $2, $3, $4, 1, $5, $6, now(), $7, $8)`;

/** One INSERT of the same bytes, committed by itself: the ceiling. */
export async function rawInsert(url: string, writers: number): Promise<Appender> {
  const pool = plainPool(url, writers);
  await pool.query(likeLog('bare.raw'));
  const walk = new StreamWalk();
  const insert = { name: 'raw', text: insertInto('bare.raw') };
  return {
    name: 'raw INSERT',
    append: async (writer) => {
      const { id, version } = walk.next(writer);
      await pool.query({ ...insert, values: row(id, version + 1) });
    },
    close: () => pool.end(),
  };
}

/** A transaction of the same shape, written by hand: stream lock, version read, insert. */
export async function bareTransaction(url: string, writers: number): Promise<Appender> {
  const pool = plainPool(url, writers);
  await pool.query(likeLog('bare.tx'));
  const walk = new StreamWalk();
  return {
    name: 'bare transaction',
    append: async (writer) => {
      const client = await pool.connect();
      try {
        await lockReadInsert(client, walk.next(writer).id);
      } finally {
        client.release();
      }
    },
    close: () => pool.end(),
  };
}

const LOCK = {
  name: 'lock',
  text: 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))',
};
const VERSION = {
  name: 'version',
  text: `SELECT coalesce(max(stream_version), 0) AS version FROM bare.tx
    WHERE stream_type = 'deployment' AND stream_id = $1`,
};
const INSERT = { name: 'insert', text: insertInto('bare.tx') };

async function lockReadInsert(client: ClientBase, id: string): Promise<void> {
  await client.query('BEGIN');
  await client.query({ ...LOCK, values: [id] });
  const { rows } = await client.query<{ version: number }>({ ...VERSION, values: [id] });
  await client.query({ ...INSERT, values: row(id, (rows[0]?.version ?? 0) + 1) });
  await client.query('COMMIT');
}

function row(id: string, version: number): unknown[] {
  const { type, dataText, metadataText } = SAMPLE;
  return [id, version, randomUUID(), type, dataText, metadataText, HASH, HASH];
}
