import { startPostgres, type Postgres } from '@gantry/lab';
import type { Bench, BenchOptions } from '../bench.js';
import { alternate } from '../measure/alternate.js';
import { compare, type Goal, type Row } from '../measure/compare.js';
import { rateOf } from '../measure/rate.js';
import type { Appender } from './appender.js';
import { bareTransaction, rawInsert } from './bare-appenders.js';
import { emmettAppender } from './emmett-appender.js';
import { gantryAppender } from './gantry-appender.js';

const WRITERS = [1, 8, 32];
/** Short and many: what else runs on the machine changes from second to second. */
const ROUND_MS = 500;
const ROUNDS_IN_ONE = 3;
const WARM_UP_MS = 300;
const GOALS: Readonly<Record<string, Goal>> = {
  'bare transaction': { atLeast: 0.9, of: 'ratio' },
  'Emmett appendToStream': { atLeast: 1, of: 'ratio' },
};

/** Appends a second, beside what the same database does without the log. */
export const logBench: Bench = {
  name: 'log',
  title: 'Log: appends a second, one event in a transaction',
  async run(options) {
    const postgres = await startPostgres({ settings: { max_connections: '200' } });
    try {
      return await measureAll(postgres, options);
    } finally {
      await postgres.stop();
    }
  },
};

async function measureAll(postgres: Postgres, options: BenchOptions): Promise<readonly Row[]> {
  const most = Math.max(...WRITERS);
  const url = await postgres.createDatabase('gantry');
  const appenders = [
    await gantryAppender(url, most),
    await rawInsert(url, most),
    await bareTransaction(url, most),
    await emmettAppender(await postgres.createDatabase('emmett'), most),
  ];
  try {
    const rows: Row[] = [];
    for (const writers of WRITERS) rows.push(...(await measure(appenders, writers, options)));
    return rows;
  } finally {
    await Promise.all(appenders.map((appender) => appender.close()));
  }
}

async function measure(
  appenders: readonly Appender[],
  writers: number,
  options: BenchOptions,
): Promise<readonly Row[]> {
  options.tell(`${writers} writers`);
  const rate = (appender: Appender, ms: number): Promise<number> =>
    rateOf(writers, ms, (writer) => appender.append(writer));
  for (const appender of appenders) await rate(appender, WARM_UP_MS);
  const contenders = appenders.map((appender) => ({
    name: appender.name,
    measure: () => rate(appender, ROUND_MS),
  }));
  return compare(await alternate(contenders, options.rounds * ROUNDS_IN_ONE), {
    what: `${writers} ${writers === 1 ? 'writer' : 'writers'}`,
    unit: '/s',
    subject: 'Gantry',
    goals: GOALS,
  });
}
