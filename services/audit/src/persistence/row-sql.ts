import type { PoolClient } from 'pg';
import type { Changes, Need } from '../projections/fold.js';
import type { ModelName, Projection } from '../projections/projection.js';

interface Row {
  readonly key: string;
  readonly state: unknown;
}

/** Reads the rows that events are going to change. Table names come from the closed list of models. */
export async function readRows(
  client: PoolClient,
  generation: number,
  needs: ReadonlyMap<ModelName, Need>,
): Promise<ReadonlyMap<ModelName, ReadonlyMap<string, unknown>>> {
  const found = new Map<ModelName, ReadonlyMap<string, unknown>>();
  for (const [model, { keys, everyRow }] of needs) {
    if (keys.size === 0 && !everyRow) continue;
    const { rows } = await client.query<Row>(
      `SELECT key, state FROM audit.${model} WHERE generation = $1 AND ($2 OR key = ANY($3))`,
      [generation, everyRow, [...keys]],
    );
    found.set(model, new Map(rows.map(({ key, state }) => [key, state])));
  }
  return found;
}

/** Writes the rows that became different, and removes those that are gone. */
export async function writeRows(
  client: PoolClient,
  generation: number,
  changes: Changes,
  projections: readonly Projection<unknown>[],
): Promise<void> {
  for (const projection of projections) {
    const changed = [...(changes.get(projection.model) ?? [])];
    const gone = changed.filter(([, state]) => state === undefined).map(([key]) => key);
    const kept = changed
      .filter(([, state]) => state !== undefined)
      .map(([key, state]) => ({ key, state, summary: projection.summary?.(state) ?? null }));
    if (kept.length > 0) {
      await client.query(
        `INSERT INTO audit.${projection.model} (generation, key, state, summary)
         SELECT $1, key, state, summary FROM jsonb_to_recordset($2) AS row(key text, state jsonb, summary jsonb)
         ON CONFLICT (generation, key) DO UPDATE SET state = excluded.state, summary = excluded.summary`,
        [generation, JSON.stringify(kept)],
      );
    }
    if (gone.length > 0) {
      await client.query(
        `DELETE FROM audit.${projection.model} WHERE generation = $1 AND key = ANY($2)`,
        [generation, gone],
      );
    }
  }
}
