import type { SqlRunner } from '../sql/sql-runner.js';
import { statementName } from '../postgres/statement-name.js';

/** The transaction in which a projection is written, together with its checkpoint. */
export interface ProjectionTransaction {
  /** Statements asked for without waiting for each other travel together: one round trip for a whole batch. */
  query<R>(sql: string, params?: readonly unknown[]): Promise<readonly R[]>;
}

/** What a subscriber does with the next events; `undefined` is never passed, an empty batch neither. */
export type ProjectionHandler<E> = (
  batch: readonly E[],
  tx: ProjectionTransaction,
) => Promise<void>;

/** Gives a projection access to a running transaction. */
export function projectionTransaction(sql: SqlRunner): ProjectionTransaction {
  return {
    query: async <R>(text: string, params: readonly unknown[] = []): Promise<readonly R[]> => {
      const name = statementName(text);
      const statement = { text, values: [...params], ...(name === undefined ? {} : { name }) };
      const { rows } = await sql.query(statement);
      return rows as R[];
    },
  };
}
