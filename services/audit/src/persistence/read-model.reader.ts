import type { AttentionView, BuildView, DeploymentSummary, HoldView } from '@gantry/contracts';
import { FEED_START } from '@gantry/event-log';
import { GantryError } from '@gantry/service-kit';
import type { Pool, PoolClient } from 'pg';
import type { DeploymentSummaryRow } from '../projections/deployment.record.js';
import type { ModelName } from '../projections/projection.js';
import type { DeploymentLines, ReleaseRecord } from '../projections/release.record.js';
import type { RowTypes } from '../projections/row-types.js';
import { inTransaction } from './in-transaction.js';

/** A deployment as lists show it. */
const SUMMARY = `summary - 'line'`;

/** The read models as they stood at one place of the feed. */
export class Snapshot {
  constructor(
    private readonly client: PoolClient,
    private readonly generation: number,
    /** Up to which event it is true; null before the first. */
    readonly position: string | null,
  ) {}

  async one<M extends ModelName>(model: M, key: string): Promise<RowTypes[M] | undefined> {
    const [state] = await this.states<RowTypes[M]>(`state FROM audit.${model}`, 'AND key = $2', [
      key,
    ]);
    return state;
  }

  all<M extends ModelName>(model: M): Promise<readonly RowTypes[M][]> {
    return this.states(`state FROM audit.${model}`, 'ORDER BY key', []);
  }

  deployments(filter: {
    readonly application: string | undefined;
    readonly environment: string | undefined;
    readonly limit: number;
  }): Promise<readonly DeploymentSummary[]> {
    return this.states(
      `${SUMMARY} AS state FROM audit.deployment`,
      `AND ($2::text IS NULL OR summary->>'application' = $2)
       AND ($3::text IS NULL OR summary->>'environment' = $3)
       ORDER BY summary->>'requestedAt' DESC, key DESC LIMIT $4`,
      [filter.application ?? null, filter.environment ?? null, filter.limit],
    );
  }

  /** The newest deployment that was begun in each place. */
  lastDeployments(): Promise<readonly DeploymentSummary[]> {
    return this.states(
      `DISTINCT ON (summary->>'application', summary->>'environment') ${SUMMARY} AS state FROM audit.deployment`,
      `AND summary->>'startedAt' IS NOT NULL
       ORDER BY summary->>'application', summary->>'environment', summary->>'requestedAt' DESC, key DESC`,
      [],
    );
  }

  /** What these deployments did since when; those that there are not are missing. */
  async deploymentLines(ids: readonly string[]): Promise<DeploymentLines> {
    if (ids.length === 0) return new Map();
    const rows = await this.states<Pick<DeploymentSummaryRow, 'id' | 'line'>>(
      `jsonb_build_object('id', key) || jsonb_strip_nulls(jsonb_build_object('line', summary->'line')) AS state FROM audit.deployment`,
      'AND key = ANY($2)',
      [ids],
    );
    return new Map(rows.map(({ id, line }) => [id, line]));
  }

  builds(filter: {
    readonly name: string | undefined;
    readonly limit: number;
  }): Promise<readonly BuildView[]> {
    return this.states(
      'state FROM audit.build',
      `AND ($2::text IS NULL OR state->>'name' = $2)
       ORDER BY state->>'seenAt' DESC, key DESC LIMIT $3`,
      [filter.name ?? null, filter.limit],
    );
  }

  /** The newest first. */
  releases(filter: {
    readonly pipeline: string | undefined;
    readonly limit: number;
  }): Promise<readonly ReleaseRecord[]> {
    return this.states(
      'state FROM audit.release',
      `AND ($2::text IS NULL OR state->>'pipeline' = $2)
       ORDER BY state->>'createdAt' DESC, key DESC LIMIT $3`,
      [filter.pipeline ?? null, filter.limit],
    );
  }

  /** The newest first. */
  holds(filter: {
    readonly includeEnded: boolean;
    readonly limit: number;
  }): Promise<readonly HoldView[]> {
    return this.states(
      'state FROM audit.hold',
      `AND ($2 OR state->>'endedAt' IS NULL)
       ORDER BY state->>'placedAt' DESC, key DESC LIMIT $3`,
      [filter.includeEnded, filter.limit],
    );
  }

  attention(filter: {
    readonly includeClosed: boolean;
    readonly limit: number;
  }): Promise<readonly AttentionView[]> {
    return this.states(
      'state FROM audit.attention',
      `AND ($2 OR state->>'closedAt' IS NULL)
       ORDER BY state->>'openedAt' DESC, key DESC LIMIT $3`,
      [filter.includeClosed, filter.limit],
    );
  }

  private async states<S>(
    what: string,
    rest: string,
    params: readonly unknown[],
  ): Promise<readonly S[]> {
    const { rows } = await this.client.query<{ state: S }>(
      `SELECT ${what} WHERE generation = $1 ${rest}`,
      [this.generation, ...params],
    );
    return rows.map(({ state }) => state);
  }
}

/** Reads the read models, each time as one picture of one moment. */
export class ReadModelReader {
  constructor(private readonly pool: Pool) {}

  read<T>(work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    return inTransaction(this.pool, 'ISOLATION LEVEL REPEATABLE READ READ ONLY', async (client) =>
      work(await snapshotOf(client)),
    );
  }
}

async function snapshotOf(client: PoolClient): Promise<Snapshot> {
  const { rows } = await client.query<{ generation: number; position: string }>(
    'SELECT generation, position FROM audit.generation WHERE current',
  );
  const [row] = rows;
  if (row === undefined) {
    throw new GantryError(
      'unavailable',
      'audit.no-generation',
      'The read models are not there yet: the schema audit is not complete. Run the migrations.',
    );
  }
  const position = row.position === FEED_START ? null : row.position;
  return new Snapshot(client, row.generation, position);
}
