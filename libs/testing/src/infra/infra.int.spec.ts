import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { brokerPrincipals } from '@gantry/contracts';
import { specFleet } from '@gantry/lab';
import { Client } from 'pg';
import { converseStomp } from './converse-stomp.js';
import { queryPostgres } from './query-postgres.js';
import {
  startTestBroker,
  startTestPostgres,
  type TestBroker,
  type TestPostgres,
} from '../index.js';

const LIMIT_MS = 240_000;

describe('a Postgres for tests', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startTestPostgres();
  }, LIMIT_MS);
  afterAll(() => postgres.stop(), LIMIT_MS);

  it('is one that Gantry may run on, with an empty database to begin with', async () => {
    const [server] = await postgres.sql(
      `SELECT current_setting('server_version_num')::int AS version, current_setting('fsync') AS fsync,
              current_setting('server_encoding') AS encoding,
              (SELECT count(*)::int FROM pg_tables WHERE schemaname = 'public') AS tables`,
    );
    expect(server).toMatchObject({ fsync: 'on', encoding: 'UTF8', tables: 0 });
    expect(server!['version']).toBeGreaterThanOrEqual(150_000);
  });

  it('makes databases that share nothing', async () => {
    expect(await postgres.createDatabase('shop')).toBe(postgres.url('shop'));
    expect(await postgres.sql('CREATE TABLE t (v int); SELECT 7 AS seven', 'shop')).toEqual([
      { seven: 7 },
    ]);
    await expect(postgres.sql('SELECT * FROM t')).rejects.toThrow(/does not exist/);
  });

  it('makes roles that may log in and nothing else', async () => {
    await postgres.createRole('clerk');
    const [clerk] = await queryPostgres(
      postgres.url('main', 'clerk'),
      `SELECT current_database() || '/' || current_user AS who, rolsuper, rolcreaterole, rolcreatedb
         FROM pg_roles WHERE rolname = current_user`,
    );
    expect(clerk).toMatchObject({ rolsuper: false, rolcreaterole: false, rolcreatedb: false });
    expect(clerk!['who']).toMatch(/_main\/.*_clerk$/);
    expect(() => postgres.url('main', 'nobody')).toThrow(/createRole/);
  });

  it(
    'goes away without a word to its clients, and comes back with what was committed',
    async () => {
      const url = postgres.url();
      await postgres.sql(`CREATE TABLE kept (v text); INSERT INTO kept VALUES ('kept')`);
      const client = new Client({ connectionString: url });
      const cut = new Promise((resolve) => client.once('end', resolve));
      client.on('error', () => undefined);
      await client.connect();

      await postgres.down();
      await cut;
      await expect(postgres.sql('SELECT 1')).rejects.toThrow();
      await postgres.up();

      expect(postgres.url()).toBe(url);
      expect(await postgres.sql('SELECT v FROM kept')).toEqual([{ v: 'kept' }]);
      await postgres.restart();
      expect(await postgres.sql('SELECT v FROM kept')).toEqual([{ v: 'kept' }]);
    },
    LIMIT_MS,
  );

  it(
    'leaves nothing behind',
    async () => {
      const other = await startTestPostgres();
      expect(other.url()).not.toBe(postgres.url());
      await other.stop();
      await expect(queryPostgres(other.url(), 'SELECT 1')).rejects.toThrow();
      expect(await postgres.sql('SELECT v FROM kept')).toHaveLength(1);
    },
    LIMIT_MS,
  );
});

describe('a broker for tests', () => {
  const topic = 'VirtualTopic.gantry.log.events';
  const queue = `Consumer.audit.${topic}`;
  const subscribe = `SUBSCRIBE\nid:1\ndestination:/queue/${queue}\nack:auto\nreceipt:done\n\n\0`;
  const send = (body: string) =>
    `SEND\ndestination:/topic/${topic}\npersistent:true\nreceipt:done\n\n${body}\0`;
  const DONE = /receipt-id:done|ERROR[^]*\0/;

  let broker: TestBroker;
  beforeAll(async () => {
    broker = await startTestBroker();
  }, LIMIT_MS);
  afterAll(() => broker.stop(), LIMIT_MS);

  const as = (principal: string, frames: readonly string[], until: RegExp) =>
    converseStomp({ uri: broker.uri, account: broker.credentials(principal) }, frames, until);

  it.each(brokerPrincipals(specFleet()))('lets %s in', async (principal) => {
    expect(await as(principal, [], /\0/)).toMatch(/^CONNECTED/);
  });

  it('lets nobody in with a wrong password or no certificate, and knows its principals', async () => {
    const account = { login: 'audit', passcode: 'guess' };
    expect(await converseStomp({ uri: broker.uri, account }, [], /\0/)).not.toContain('CONNECTED');
    expect(() => broker.credentials('nobody')).toThrow(/known are/);
  });

  it('does not let a host read what services say', async () => {
    expect(await as('host.web1.lab', [subscribe], DONE)).toMatch(/ERROR[^]*not authorized/);
  });

  it(
    'keeps what was confirmed for a consumer that is away, over a crash',
    async () => {
      const { uri } = broker;
      expect(await as('audit', [subscribe], DONE)).toContain('receipt-id:done');
      expect(await as('orchestrator', [send('kept')], DONE)).toContain('receipt-id:done');
      await broker.down();
      await expect(as('audit', [], /\0/)).rejects.toThrow(/ECONNREFUSED|ECONNRESET/);
      await broker.up();
      expect(broker.uri).toBe(uri);
      expect(await as('audit', [subscribe], /\n\nkept/)).toContain('kept');
    },
    LIMIT_MS,
  );

  it(
    'is the same one after a restart',
    async () => {
      await broker.restart();
      expect(await as('orchestrator', [send('again')], DONE)).toContain('receipt-id:done');
      // What was read before may come once more: a crash forgets an ACK.
      expect(await as('audit', [subscribe], /\n\nagain/)).toContain('again');
    },
    LIMIT_MS,
  );
});
