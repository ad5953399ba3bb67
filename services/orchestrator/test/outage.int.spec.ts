import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TcpProxy } from '../../../libs/stomp-transport/test/support/tcp-proxy.js';
import { Installation } from './installation.js';

const LIMIT = 180_000;

describe('an installation whose messages do not travel', () => {
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
});
