import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createLogPool, logMigrations, PostgresEventLog, runMigrations } from '@gantry/event-log';
import { startTestPostgres, type TestPostgres } from '@gantry/testing';
import type { Pool } from 'pg';
import { tablesSuite } from '../../test/tables.suite.js';
import { contractEventCodec } from '../streams/contract-event-codec.js';
import { ActiveStreamsRepository } from './active-streams.repository.js';
import { AllocationsRepository } from './allocations.repository.js';
import { CreateOrchestrator1790000000001 } from './migrations/create-orchestrator.migration.js';
import { HostStandingsRepository } from './host-standings.repository.js';
import { CreateHostStanding1790000000003 } from './migrations/create-host-standing.migration.js';
import { TimersRepository } from './timers.repository.js';

const LIMIT = 60_000;
const NOW = '2026-01-01T00:00:00.000Z';
let postgres: TestPostgres;
let pool: Pool;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const migrations = [
    ...logMigrations,
    CreateOrchestrator1790000000001,
    CreateHostStanding1790000000003,
  ];
  await runMigrations({ url: postgres.url(), migrations });
  pool = createLogPool({
    url: postgres.url(),
    applicationName: 'spec',
    maxConnections: 2,
    onConnectionLost: () => undefined,
  });
}, LIMIT);

afterAll(async () => {
  await pool.end();
  await postgres.stop();
}, LIMIT);

tablesSuite('on Postgres', async () => {
  await postgres.sql(
    'TRUNCATE orchestrator.host_claim, orchestrator.active_deployment, orchestrator.timer, orchestrator.host_standing',
  );
  return {
    log: new PostgresEventLog({ pool, codec: contractEventCodec }),
    allocations: new AllocationsRepository(),
    timers: new TimersRepository(pool),
    active: new ActiveStreamsRepository(pool),
    standings: new HostStandingsRepository(pool),
  };
});

it('fills an empty table of where hosts stand from the log, and leaves one alone that holds anything', async () => {
  const log = new PostgresEventLog({ pool });
  const standings = new HostStandingsRepository(pool);
  const places = [{ pool: 'web', device: 'lb1', backend: 'web', member: 'm1' }];
  const append = (events: readonly (readonly [type: string, data: object])[]) => {
    const stream = { type: 'deployment', id: randomUUID() };
    const metadata = { correlationId: 'c', causationId: 'c', actor: 'a', occurredAt: NOW };
    const all = events.map(([type, data]) => ({
      ...{ eventId: randomUUID(), type, schemaVersion: 1, data, metadata },
    }));
    return log.transact({ streams: [stream], work: (tx) => tx.append(stream, 0, all) });
  };
  const asked = (type: string, host: string, epoch: number) =>
    [type, { host, epoch, memberships: places }] as const;
  await append([
    asked('lb.drain.requested', 'web1.lab', 1),
    ['deployment.host-drained', { host: 'web1.lab' }],
    asked('lb.enable.requested', 'web1.lab', 1),
    ['deployment.host-enabled', { host: 'web1.lab' }],
    asked('lb.drain.requested', 'web2.lab', 2),
    ['deployment.host-drained', { host: 'web2.lab' }],
    ['deployment.host-failed', { host: 'web2.lab', outOfService: true }],
  ]);
  await append([asked('lb.drain.requested', 'web1.lab', 5)]);
  await postgres.sql('TRUNCATE orchestrator.host_standing');
  await standings.refill();
  const said = async () =>
    (await standings.lately()).map((s) => `${s.host} ${s.standing} ${s.epoch}`).sort();
  expect(await said()).toEqual(['web1.lab asked-out 5', 'web2.lab out 2']);
  await postgres.sql("DELETE FROM orchestrator.host_standing WHERE host = 'web1.lab'");
  await standings.refill();
  expect(await said()).toEqual(['web2.lab out 2']);
});
