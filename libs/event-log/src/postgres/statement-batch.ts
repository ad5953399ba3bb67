import { Query, type Connection, type QueryResult, type Submittable } from 'pg';
import type { Statement } from '../sql/sql-runner.js';

/** Told how one statement of a batch ended. */
export type StatementDone = (error: unknown, result: QueryResult) => void;

/** A statement and who waits for it. */
export type BatchedStatement = { readonly statement: Statement; readonly done: StatementDone };

/** The part of pg's Query that its Client calls; the types leave it out, pg-cursor implements the same. */
type WireQuery = Submittable & {
  readonly name: string | undefined;
  readonly text: string;
  handleError(error: unknown, connection: WireConnection): void;
  handleReadyForQuery(connection: WireConnection): void;
} & Readonly<Record<RowMessage, (message: unknown, connection?: WireConnection) => void>>;
type RowMessage =
  'handleRowDescription' | 'handleDataRow' | 'handleCommandComplete' | 'handleEmptyQuery';
type WireConnection = Connection & { readonly submittedNamedStatements: Record<string, string> };

/**
 * Several statements that travel together: one write, one Sync at the end, one read. Statement after statement costs a
 * system call on each side for each, which was seen to be most of the time of a short transaction. The server still
 * runs them one by one, each with a snapshot of its own; after an error it skips the rest.
 *
 * pg's own Query objects do the work; the batch holds back their Sync and hands on what the server says to the one
 * whose turn it is.
 */
export class StatementBatch implements Submittable {
  private readonly queries: readonly WireQuery[];
  private current = 0;

  constructor(
    statements: readonly BatchedStatement[],
    private readonly answered: () => void,
  ) {
    this.queries = statements.map(({ statement, done }) => {
      // Given a config object, pg would clone it by its property descriptors: 4 us for every statement.
      const query = new Query(statement.text, statement.values, done);
      // "extended" also for a statement without values: a simple query would bring its own Sync.
      return Object.assign(query as unknown as WireQuery, {
        name: statement.name,
        queryMode: 'extended',
      });
    });
  }

  /** pg asks the active query for these when the server has prepared a statement, to remember its name. */
  get name(): string | undefined {
    return this.active?.name;
  }

  get text(): string | undefined {
    return this.active?.text;
  }

  readonly submit = (connection: Connection): void => {
    const quiet = withoutSync(connection);
    connection.stream.cork();
    try {
      for (const query of this.queries) query.submit(quiet);
      connection.sync();
    } finally {
      connection.stream.uncork();
    }
  };

  handleRowDescription(message: unknown): void {
    this.active?.handleRowDescription(message);
  }

  handleDataRow(message: unknown): void {
    this.active?.handleDataRow(message);
  }

  handleCommandComplete(message: unknown, connection: WireConnection): void {
    this.active?.handleCommandComplete(message, connection);
    this.current += 1;
  }

  handleEmptyQuery(): void {
    this.current += 1;
  }

  handleReadyForQuery(connection: WireConnection): void {
    this.answered();
    for (const query of this.queries) query.handleReadyForQuery(connection);
  }

  /** Those before the failing one have run, within a transaction that can only be rolled back; those after it have not. */
  handleError(error: unknown, connection: WireConnection): void {
    this.answered();
    for (const [index, query] of this.queries.entries()) {
      if (index < this.current) {
        query.handleReadyForQuery(connection);
        continue;
      }
      // The server skipped these, so it has not prepared what pg believes was sent.
      if (query.name !== undefined) {
        Reflect.deleteProperty(connection.submittedNamedStatements, query.name);
      }
      query.handleError(error, connection);
    }
    this.current = this.queries.length;
  }

  private get active(): WireQuery | undefined {
    return this.queries[this.current];
  }
}

const quietConnections = new WeakMap<Connection, Connection>();

/** The same connection, on which a statement cannot end the batch: made once, as it would cost more than a statement. */
function withoutSync(connection: Connection): Connection {
  const known = quietConnections.get(connection);
  if (known) return known;
  const quiet = Object.create(connection) as Connection;
  quiet.sync = () => undefined;
  quietConnections.set(connection, quiet);
  return quiet;
}
