import { loadProvider } from './load-provider.js';
import { TestBroker } from './test-broker.js';
import { TestPostgres } from './test-postgres.js';

/** Gives a spec file a Postgres, from wherever this run takes its servers. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const provider = await loadProvider();
  return TestPostgres.open(await provider.startPostgres());
}

/** Gives a spec file an ActiveMQ, from wherever this run takes its servers. */
export async function startTestBroker(): Promise<TestBroker> {
  const provider = await loadProvider();
  return new TestBroker(await provider.startBroker());
}
