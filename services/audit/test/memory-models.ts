import { fold, needsOf, type Rows } from '../src/projections/fold.js';
import { PROJECTIONS } from '../src/projections/all-projections.js';
import type { LogEvent } from '../src/projections/log-event.js';
import { MODELS, type ModelName } from '../src/projections/projection.js';
import type { RowTypes } from '../src/projections/row-types.js';

/** Read models in memory that read and write as the database does: only the rows that are needed, and as JSON. */
export class MemoryModels {
  private readonly tables = new Map<ModelName, Map<string, string>>(
    MODELS.map((model) => [model, new Map()]),
  );

  /** Applies events as one batch. */
  apply(events: readonly LogEvent[]): this {
    const changes = fold(PROJECTIONS, events, this.read(events));
    for (const [model, rows] of changes) {
      const table = this.table(model);
      for (const [key, state] of rows) {
        if (state === undefined) table.delete(key);
        else table.set(key, JSON.stringify(state));
      }
    }
    return this;
  }

  /** Every row of every model. */
  all(): Record<string, Record<string, unknown>> {
    return Object.fromEntries(
      [...this.tables].map(([model, table]) => [
        model,
        Object.fromEntries([...table].map(([key, json]) => [key, JSON.parse(json) as unknown])),
      ]),
    );
  }

  /** Puts a row there that an earlier version has written. */
  put(model: ModelName, key: string, row: unknown): void {
    this.table(model).set(key, JSON.stringify(row));
  }

  /** One row. */
  row<M extends ModelName>(model: M, key: string): RowTypes[M] {
    const json = this.table(model).get(key);
    if (json === undefined) throw new Error(`no row ${key} in ${model}`);
    return JSON.parse(json) as RowTypes[M];
  }

  private read(events: readonly LogEvent[]): Rows {
    return new Map(
      [...needsOf(PROJECTIONS, events)].map(([model, { keys, everyRow }]) => {
        const rows = [...this.table(model)].filter(([key]) => everyRow || keys.has(key));
        return [model, new Map(rows.map(([key, json]) => [key, JSON.parse(json) as unknown]))];
      }),
    );
  }

  private table(model: ModelName): Map<string, string> {
    const table = this.tables.get(model) ?? new Map<string, string>();
    this.tables.set(model, table);
    return table;
  }
}
