import { randomUUID } from 'node:crypto';
import { logMigrations, runMigrations } from '@gantry/event-log';
import { startBroker, startPostgres, type Broker, type Postgres } from '@gantry/lab';
import type { Bench, BenchOptions } from '../bench.js';
import { passwordOf } from '../bus/broker-account.js';
import { alternate } from '../measure/alternate.js';
import { compare, type Goal, type Row } from '../measure/compare.js';
import { rateOf } from '../measure/rate.js';
import { oneProcess, severalProcesses } from './gantry-engine.js';
import { dbosEngine, graphileEngine } from './peer-engines.js';
import { STEP_FORWARDS } from './step-machine.js';
import { STEPS, type StepEngine } from './workflow.js';

const CONCURRENT = [1, 8, 32];
const ROUND_MS = 1_500;
const WARM_UP_MS = 1_000;

/** Durable steps a second, beside engines that keep their steps in Postgres alone. */
export const stepsBench: Bench = {
  name: 'steps',
  title: 'Durable steps a second: log, relay, broker, consumer',
  async run(options) {
    const [postgres, broker] = await Promise.all([
      startPostgres({ settings: { max_connections: '300' } }),
      startBroker({ forwards: STEP_FORWARDS, plain: true }),
    ]);
    try {
      return await measureAll(postgres, broker, options);
    } finally {
      await Promise.all([postgres.stop(), broker.stop()]);
    }
  },
};

async function measureAll(
  postgres: Postgres,
  broker: Broker,
  options: BenchOptions,
): Promise<readonly Row[]> {
  const alone = await machineOptions(postgres, broker, 'gantry');
  const rows: Row[] = [];
  const engines = [
    await oneProcess(alone),
    await dbosEngine(await postgres.createDatabase('dbos')),
    await graphileEngine(await postgres.createDatabase('graphile')),
  ];
  try {
    for (const concurrent of CONCURRENT) {
      rows.push(...(await measure(engines, concurrent, options)));
    }
  } finally {
    await Promise.all(engines.map((engine) => engine.close()));
  }
  const pair = await severalProcesses(2, alone);
  try {
    rows.push(...(await measure([pair], Math.max(...CONCURRENT), options)));
  } finally {
    await pair.close();
  }
  return rows;
}

async function machineOptions(
  postgres: Postgres,
  broker: Broker,
  database: string,
): Promise<Parameters<typeof oneProcess>[0]> {
  const databaseUrl = await postgres.createDatabase(database);
  await runMigrations({ url: databaseUrl, migrations: logMigrations });
  return { databaseUrl, brokerUri: broker.uri(), ...passwordOf(broker) };
}

async function measure(
  engines: readonly StepEngine[],
  concurrent: number,
  options: BenchOptions,
): Promise<readonly Row[]> {
  options.tell(`${concurrent} workflows at once: ${engines.map(({ name }) => name).join(', ')}`);
  const rate = async (engine: StepEngine, ms: number): Promise<number> =>
    STEPS * (await rateOf(concurrent, ms, () => engine.run(randomUUID())));
  for (const engine of engines) await rate(engine, WARM_UP_MS);
  const contenders = engines.map((engine) => ({
    name: engine.name,
    measure: () => rate(engine, ROUND_MS),
  }));
  return compare(await alternate(contenders, options.rounds), {
    what: `${concurrent} at once`,
    unit: 'steps/s',
    subject: engines[0]?.name ?? '',
    goals: goalsAt(concurrent),
  });
}

function goalsAt(concurrent: number): Readonly<Record<string, Goal>> {
  const beatsPeers: Record<string, Goal> = {
    'DBOS runStep': { atLeast: 1, of: 'ratio' },
    'graphile-worker jobs': { atLeast: 1, of: 'ratio' },
  };
  if (concurrent < Math.max(...CONCURRENT)) return {};
  return { ...beatsPeers, Gantry: { atLeast: 1_000, of: 'figure' } };
}
