import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Installation } from './installation.js';

const LIMIT = 180_000;

describe('claims, slots and timers', () => {
  let gantry: Installation;
  let version = 0;
  const freshBuild = async (name = 'shop'): Promise<string> => {
    const evr = `4.0.${++version}-1`;
    await gantry.build(name, evr);
    return evr;
  };
  const rows = async (table: string) =>
    (await gantry.postgres.sql(`SELECT * FROM orchestrator.${table} ORDER BY 1`)).map(
      (row) => row['stream'],
    );
  const emptied = () =>
    gantry.postgres.sql(
      'TRUNCATE orchestrator.host_claim, orchestrator.active_deployment, orchestrator.timer',
    );
  /** A deployment whose first host waits for its version to be published. */
  const waiting = async (): Promise<string> => {
    const evr = await freshBuild();
    gantry.fleet.lost.add('puppet.publish.requested');
    const { id } = await gantry.deploy('shop', evr);
    await gantry.eventually(
      async () => (await gantry.lastOf(id)) === 'puppet.publish.requested',
      'the first host to wait',
    );
    return id;
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
    'are made again from the log when their tables were emptied',
    async () => {
      const orchestrator = await gantry.orchestrator();
      const id = await waiting();
      const portal = await freshBuild('portal');
      await orchestrator.kill9();
      await emptied();
      const restarted = await gantry.orchestrator();
      const stream = `deployment-${id}`;
      expect(restarted.said('claims and timer mended from the log').map((l) => l.stream)).toEqual([
        stream,
      ]);
      for (const table of ['host_claim', 'active_deployment', 'timer'])
        expect([table, await rows(table)]).toEqual([table, [stream]]);
      const second = await gantry.deploy('shop', await freshBuild());
      expect(second.reply).toMatchObject({ outcome: 'refused', code: 'deployment-active' });
      // It shares the hosts: the first is owned already, and the pool spares two at most.
      const other = await gantry.deploy('portal', portal);
      await gantry.eventually(
        () => gantry.fleet.count('lb.drain.requested') === 2,
        'the other application to begin',
      );
      const drains = gantry.fleet.effects.filter((e) => e.type === 'lb.drain.requested');
      expect(drains.map((d) => d.host)).toEqual(['web1.test', 'web2.test']);
      gantry.fleet.lost.clear();
      await Promise.all([gantry.ends(id, 'succeeded'), gantry.ends(other.id, 'succeeded')]);
    },
    LIMIT,
  );

  it(
    'F-100 that are as the log says are left alone; those that a deployment left behind are removed, and the next one begins',
    async () => {
      let orchestrator = await gantry.orchestrator();
      const { id } = await gantry.deploy('shop', await freshBuild());
      await gantry.ends(id, 'succeeded');
      await orchestrator.kill9();
      orchestrator = await gantry.orchestrator();
      expect(orchestrator.said('claims and timer mended from the log')).toEqual([]);
      await orchestrator.kill9();
      const left = `'deployment-${id}'`;
      await gantry.postgres.sql(
        `INSERT INTO orchestrator.host_claim VALUES ('web1.test', ${left}, 1, '[]', '{}');
         INSERT INTO orchestrator.active_deployment VALUES ('shop', 'production', ${left});
         INSERT INTO orchestrator.timer VALUES (${left}, now() + interval '1 day', false)`,
      );
      await gantry.orchestrator();
      for (const table of ['host_claim', 'active_deployment', 'timer'])
        expect([table, await rows(table)]).toEqual([table, []]);
      const next = await gantry.deploy('shop', await freshBuild());
      await gantry.ends(next.id, 'succeeded');
    },
    LIMIT,
  );

  it(
    'are looked at while it runs: a deployment that nothing would wake is woken',
    async () => {
      const orchestrator = await gantry.orchestrator({ GANTRY_MEND_MS: '200' });
      const id = await waiting();
      await gantry.postgres.sql('DELETE FROM orchestrator.timer');
      await gantry.eventually(
        () => orchestrator.said('claims and timer mended from the log').length > 0,
        'it to be noticed',
      );
      gantry.fleet.lost.clear();
      await gantry.ends(id, 'succeeded');
    },
    LIMIT,
  );

  it(
    'have a late answer asked for again, under the id it was asked for first',
    async () => {
      await gantry.orchestrator();
      const id = await waiting();
      const asked = async () =>
        (await gantry.events('deployment', id)).filter(
          (e) => e.type === 'puppet.publish.requested',
        );
      await gantry.eventually(async () => (await asked()).length >= 2, 'it to be asked again');
      const ids = (await asked()).map((e) => e.data['requestId']);
      expect(new Set(ids).size).toBe(1);
      gantry.fleet.lost.clear();
      await gantry.ends(id, 'succeeded');
    },
    LIMIT,
  );
});
