import { compareCursors, FEED_START, parseFeedCursor } from '@gantry/event-log';
import { crashPoint, GantryError } from '@gantry/service-kit';
import type { Pool, PoolClient } from 'pg';
import type { Batch, Generation, ReadModels, Switched } from '../feed/read-models.port.js';
import { fold, needsOf } from '../projections/fold.js';
import type { Projection } from '../projections/projection.js';
import { inTransaction } from './in-transaction.js';
import { readRows, writeRows } from './row-sql.js';

const REBUILD_LOCK = `hashtextextended('gantry.audit.rebuild', 0)`;

/** The read models in Postgres: rows and the place in the feed they are true for are written in one transaction. */
export class ReadModelStore implements ReadModels {
  constructor(
    private readonly pool: Pool,
    private readonly projections: readonly Projection<unknown>[],
  ) {}

  current(): Promise<Generation> {
    return inTransaction(this.pool, 'READ WRITE', (client) => currentOf(client, ''));
  }

  /** Applies a batch, unless another replica has been there first. */
  advance(batch: Batch): Promise<boolean> {
    return inTransaction(this.pool, 'READ WRITE', async (client) => {
      const { rowCount } = await client.query(
        `SELECT FROM audit.generation WHERE generation = $1 AND position = $2 FOR UPDATE`,
        [batch.generation, batch.after],
      );
      if (rowCount === 0) return false;
      crashPoint('applying', 'batch');
      await this.apply(client, batch);
      crashPoint('applied', 'batch');
      return true;
    });
  }

  startOver({
    generation,
    position,
  }: Pick<Generation, 'generation' | 'position'>): Promise<boolean> {
    return inTransaction(this.pool, 'READ WRITE', async (client) => {
      const { rowCount } = await client.query(
        `UPDATE audit.generation SET position = $3, events = 0 WHERE generation = $1 AND position = $2`,
        [generation, position, FEED_START],
      );
      if (rowCount === 0) return false;
      for (const { model } of this.projections)
        await client.query(`DELETE FROM audit.${model} WHERE generation = $1`, [generation]);
      return true;
    });
  }

  /** Only one replica rebuilds at a time; what a killed one left behind is removed first. */
  async rebuilding<T>(work: (generation: number) => Promise<T>): Promise<T> {
    const holder = await this.pool.connect();
    try {
      await this.lockRebuild(holder);
      await holder.query('DELETE FROM audit.generation WHERE NOT current');
      const { rows } = await holder.query<{ generation: number }>(
        'INSERT INTO audit.generation (current) VALUES (false) RETURNING generation',
      );
      const [{ generation } = { generation: 0 }] = rows;
      return await work(generation);
    } finally {
      // The lock belongs to the session: it ends with it.
      holder.release(true);
    }
  }

  /** Makes the generation the one that is read, if it is true for at least as much of the log as the present one. */
  switchTo(generation: number): Promise<Switched> {
    return inTransaction(this.pool, 'READ WRITE', async (client) => {
      const present = await currentOf(client, 'FOR UPDATE');
      const { rows } = await client.query<Row>(
        'SELECT generation, position, events FROM audit.generation WHERE generation = $1',
        [generation],
      );
      const next = generationOf(rows[0]);
      const behind = compareCursors(
        parseFeedCursor(next.position),
        parseFeedCursor(present.position),
      );
      if (behind < 0) return { switched: false };
      await client.query('UPDATE audit.generation SET current = false WHERE current');
      await client.query('UPDATE audit.generation SET current = true WHERE generation = $1', [
        generation,
      ]);
      await client.query('DELETE FROM audit.generation WHERE NOT current');
      return { switched: true, ...next };
    });
  }

  private async apply(client: PoolClient, batch: Batch): Promise<void> {
    const { generation, events, upTo } = batch;
    const rows = await readRows(client, generation, needsOf(this.projections, events));
    const changes = fold(this.projections, events, rows);
    await writeRows(client, generation, changes, this.projections);
    await client.query(
      'UPDATE audit.generation SET position = $2, events = events + $3 WHERE generation = $1',
      [generation, upTo, events.length],
    );
  }

  private async lockRebuild(holder: PoolClient): Promise<void> {
    const { rows } = await holder.query<{ free: boolean }>(
      `SELECT pg_try_advisory_lock(${REBUILD_LOCK}) AS free`,
    );
    if (rows[0]?.free === true) return;
    throw new GantryError(
      'conflict',
      'audit.rebuild-running',
      'The read models are being rebuilt already: wait for that to end.',
    );
  }
}

interface Row {
  readonly generation: number;
  readonly position: string;
  readonly events: string;
}

async function currentOf(client: PoolClient, lock: '' | 'FOR UPDATE'): Promise<Generation> {
  const { rows } = await client.query<Row>(
    `SELECT generation, position, events FROM audit.generation WHERE current ${lock}`,
  );
  return generationOf(rows[0]);
}

function generationOf(row: Row | undefined): Generation {
  if (row !== undefined) return { ...row, events: Number(row.events) };
  throw new GantryError(
    'unavailable',
    'audit.no-generation',
    'The read models have no such generation: the schema audit is not complete, or a rebuild was overtaken. Run the migrations or ask again.',
  );
}
