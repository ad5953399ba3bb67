import { expect } from '@jest/globals';
import { createLogPool, PostgresEventLog, verifyAll } from '@gantry/event-log';
import { waitUntil } from '@gantry/lab';
import { FeedReader } from '../../services/audit/src/feed/feed-reader.js';
import { PROJECTIONS } from '../../services/audit/src/projections/all-projections.js';
import { ReadModelStore } from '../../services/audit/src/persistence/read-model.store.js';
import { databaseUrl } from '../dsl/database.js';
import type { Scenario } from '../dsl/scenario.js';
import { MIN_IN_SERVICE, type System } from '../dsl/system.js';

type Pool = ReturnType<typeof createLogPool>;

const HOLES = `SELECT stream_type, stream_id FROM log.event GROUP BY 1, 2
  HAVING min(stream_version) <> 1 OR max(stream_version) <> count(*)`;

const LEFT_BEHIND = `SELECT stream FROM orchestrator.host_claim
  UNION SELECT stream FROM orchestrator.active_deployment UNION SELECT stream FROM orchestrator.timer`;

/** What must be so after every case: by the word of HAProxy, the RPM databases and Puppet's own notes, and by the log. */
export async function everythingHolds(system: System, { then }: Scenario): Promise<void> {
  const pool = createLogPool({ url: await databaseUrl(system), applicationName: 'faults' });
  try {
    await readModelsEqualReplay(pool);
    expect((await pool.query(HOLES)).rows).toEqual([]);
    expect(await verifyAll(pool)).toMatchObject({ intact: true });
    expect(await leftBehind(pool)).toEqual([]);
  } finally {
    await pool.end();
  }
  await then.everyDeploymentEndedOnce();
  await then.noRunHappenedTwice();
  await then.everyHostIsInService();
  await hostsAreAsGantrySays(system);
  expect(system.lowestInService).toBeGreaterThanOrEqual(MIN_IN_SERVICE);
}

/** I-05: folded anew from the first event, every row is what the living read model has, letter for letter. */
async function readModelsEqualReplay(pool: Pool): Promise<void> {
  const store = new ReadModelStore(pool, PROJECTIONS);
  const reader = new FeedReader(new PostgresEventLog({ pool }), store);
  await store.rebuilding(async (generation) => {
    const replayed = await caughtUp(reader, generation);
    await waitUntil(async () => (await store.current()).position === replayed, {
      deadlineMs: 20_000,
      onTimeout: () => new Error(`the read models never came to ${replayed}`),
    });
    const living = await rowsOf(pool, (await store.current()).generation);
    expect(await rowsOf(pool, generation)).toEqual(living);
    expect(living.length).toBeGreaterThan(0);
  });
}

async function caughtUp(reader: FeedReader, generation: number): Promise<string> {
  let position = '0:0';
  for (;;) {
    const step = await reader.step({ generation, position });
    ({ position } = step);
    if (!step.more) return position;
  }
}

async function rowsOf(pool: Pool, generation: number): Promise<readonly string[]> {
  const all: string[] = [];
  for (const { model } of PROJECTIONS) {
    const { rows } = await pool.query<{ row: string }>(
      `SELECT key || ' ' || state::text AS row FROM audit.${model} WHERE generation = $1 ORDER BY key`,
      [generation],
    );
    all.push(...rows.map(({ row }) => `${model} ${row}`));
  }
  return all;
}

/** I-03, I-09: with every deployment ended, no host has an owner and no timer will wake anybody. */
async function leftBehind(pool: Pool): Promise<readonly unknown[]> {
  const { rows } = await pool.query<{ stream: string }>(LEFT_BEHIND);
  return rows;
}

/** I-08: what the RPM databases say is what Gantry shows. */
async function hostsAreAsGantrySays({ lab, client }: System): Promise<void> {
  const installed = await Promise.all(lab.hosts.map((h) => h.installedVersion('shop')));
  const { items } = await client.running();
  const shown = items.flatMap((row) => row.versions.map((v) => v.evr));
  expect([...new Set(installed)]).toEqual(shown);
}
