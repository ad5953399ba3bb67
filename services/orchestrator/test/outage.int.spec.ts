import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CancelDeployment, PlaceHold } from '@gantry/contracts';
import { Client } from 'pg';
import { TcpProxy } from '../../../libs/stomp-transport/test/support/tcp-proxy.js';
import { Installation } from './installation.js';

const LIMIT = 180_000;

describe('an installation whose messages do not travel, or whose log has no room for work', () => {
  let gantry: Installation;
  let version = 0;
  const items = async () =>
    (await gantry.events('attention')).map((e) => `${e.type} ${String(e.data['key'])}`);
  const freshBuild = async (name: string): Promise<string> => {
    const evr = `5.0.${++version}-1`;
    await gantry.build(name, evr);
    return evr;
  };

  beforeAll(async () => {
    gantry = await Installation.start();
  }, LIMIT);
  afterAll(() => gantry.stop(), LIMIT);
  beforeEach(() => {
    gantry.fleet.reset();
  });
  afterEach(() => gantry.stopOrchestrators(), LIMIT);

  it(
    'F-017 has one attention item for the outage, no host has failed, and everything goes on alone',
    async () => {
      await Promise.all([gantry.orchestrator(), gantry.orchestrator()]);
      const [shop, portal] = [await freshBuild('shop'), await freshBuild('portal')];
      const [first, second] = [
        await gantry.deploy('shop', shop),
        await gantry.deploy('portal', portal),
      ];
      await gantry.eventually(() => gantry.fleet.count('lb.drain.requested') >= 1, 'a drain');
      await gantry.broker.down();
      await gantry.eventually(async () => (await items()).length > 0, 'the outage to be told');
      await gantry.broker.up();
      await gantry.ends(first.id, 'succeeded');
      await gantry.ends(second.id, 'succeeded');
      await gantry.eventually(async () => (await items()).length > 1, 'the item to be closed');
      expect(await items()).toEqual([
        'attention.opened bus.broker-unreachable',
        'attention.closed bus.broker-unreachable',
      ]);
      const events = await gantry.events('deployment');
      expect(events.filter((e) => e.type === 'deployment.host-failed')).toEqual([]);
      expect(gantry.fleet.outOfService).toEqual([]);
    },
    LIMIT,
  );

  it(
    'F-033 is cut off from the broker, orchestrator and Postgres together: one attention item, nothing is done twice, and it goes on alone',
    async () => {
      const wire = await TcpProxy.before(Number(new URL(gantry.broker.uri).port));
      const cut = gantry.broker.uri.replace(/:\d+$/, `:${new URL(wire.uri).port}`);
      try {
        await gantry.orchestrator({ GANTRY_BROKER_URIS: cut, GANTRY_BROKER_HEARTBEAT_MS: '1000' });
        const told = (await items()).length;
        const { id } = await gantry.deploy('shop', await freshBuild('shop'));
        await gantry.eventually(() => gantry.fleet.count('lb.drain.requested') >= 1, 'a drain');
        wire.goDead();
        await gantry.eventually(async () => (await items()).length > told, 'the item');
        wire.heal();
        await gantry.ends(id, 'succeeded');
        await gantry.eventually(async () => (await items()).length > told + 1, 'its end');
        expect((await items()).slice(told)).toEqual([
          'attention.opened bus.broker-unreachable',
          'attention.closed bus.broker-unreachable',
        ]);
        const events = await gantry.events('deployment', id);
        expect(events.filter((e) => e.type === 'deployment.host-failed')).toEqual([]);
        expect(gantry.fleet.outOfService).toEqual([]);
        // Each host had one command, however often it travelled.
        const runs = gantry.fleet.effects.filter((e) => e.type === 'puppet.run.requested');
        const commands = new Set(runs.map((e) => e.requestId));
        expect(commands.size).toBe(new Set(runs.map((e) => e.host)).size);
      } finally {
        await gantry.stopOrchestrators();
        await wire.close();
      }
    },
    LIMIT,
  );

  it(
    'F-050 has no connection to Postgres left: it stays ready, a cancel and a stopped line are taken at once, and nothing is lost',
    async () => {
      const pool = 3;
      const orchestrator = await gantry.orchestrator({ GANTRY_DATABASE_POOL: String(pool) });
      const evr = await freshBuild('shop');
      gantry.delivery.hold();
      const { id } = await gantry.deploy('shop', evr);
      const stuck = Array.from({ length: 8 }, (_, n) => `6.0.${n}-1`);
      const blocker = await Blocker.of(
        gantry,
        stuck.map((each) => `build-portal-${each}`),
      );
      try {
        const announced = stuck.map((each) => gantry.build('portal', each));
        // One connection of the pool is the session that shows this life; all others wait.
        await gantry.eventually(async () => (await blocker.waiting()) === pool - 1, 'no room');
        expect(await orchestrator.ready()).toBe(true);
        const cancel = CancelDeployment.schema.parse({ deploymentId: id, reason: 'no room' });
        expect(await gantry.ask(CancelDeployment, cancel)).toMatchObject({ outcome: 'accepted' });
        const stop = PlaceHold.schema.parse({
          holdId: randomUUID(),
          rule: { kind: 'stop-the-line' },
          scope: { over: 'all' },
          reason: 'no room',
        });
        expect(await gantry.ask(PlaceHold, stop)).toMatchObject({ outcome: 'accepted' });
        expect(await blocker.waiting()).toBe(pool - 1);
        const waitedFor = await orchestrator.metric('gantry_database_connections', 'waited-for');
        expect(waitedFor).toBeGreaterThan(0);
        await blocker.end();
        await Promise.all(announced);
      } finally {
        await blocker.end();
      }
      await gantry.delivery.release();
      await gantry.ends(id, 'cancelled');
    },
    LIMIT,
  );
});

/** A session that holds the streams, so that whoever wants to write them waits with a connection in hand. */
class Blocker {
  private constructor(
    private readonly client: Client,
    private readonly gantry: Installation,
  ) {}

  static async of(gantry: Installation, streams: readonly string[]): Promise<Blocker> {
    const client = new Client({ connectionString: gantry.postgres.url() });
    await client.connect();
    const sql =
      'SELECT pg_advisory_lock(hashtextextended(name, 0)) FROM unnest($1::text[]) AS name';
    await client.query(sql, [streams]);
    return new Blocker(client, gantry);
  }

  /** Connections of orchestrators that wait for a stream. */
  async waiting(): Promise<number> {
    const sql = `SELECT count(*)::int AS n FROM pg_stat_activity
      WHERE application_name LIKE 'gantry-orchestrator/%' AND wait_event = 'advisory'`;
    return Number((await this.gantry.postgres.sql(sql))[0]?.['n']);
  }

  end(): Promise<void> {
    return this.client.end();
  }
}
