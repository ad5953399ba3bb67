import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
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
});
