import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { LiftHold, ResumeDeployment } from '@gantry/contracts';
import { Installation } from './installation.js';

const LIMIT = 180_000;

describe('a log that comes back from a backup', () => {
  let gantry: Installation;

  beforeAll(async () => {
    gantry = await Installation.start();
  }, LIMIT);
  afterAll(() => gantry.stop(), LIMIT);
  afterEach(() => gantry.stopOrchestrators(), LIMIT);

  const epochs = async (): Promise<readonly number[]> =>
    (await gantry.events('deployment')).flatMap(({ data }) => {
      const epoch = data['epoch'];
      return typeof epoch === 'number' ? [epoch] : [];
    });
  const items = async () =>
    (await gantry.events('attention')).map((e) => `${e.type} ${String(e.data['key'])}`);

  it(
    'F-049 the log is restored to an earlier moment: a person is told, what seems under way is held, nothing is done again, and numbers go on above all that hosts have seen',
    async () => {
      await gantry.orchestrator();
      await gantry.build('shop', '6.0.0-1');
      await gantry.build('portal', '6.0.0-1');
      gantry.fleet.lost.add('puppet.publish.requested');
      const { id } = await gantry.deploy('shop', '6.0.0-1');
      await gantry.eventually(
        async () => (await gantry.lastOf(id)) === 'puppet.publish.requested',
        'the first host to wait',
      );
      await gantry.stopOrchestrators();
      await gantry.postgres.backUp('backup');

      await gantry.orchestrator();
      gantry.fleet.lost.clear();
      await gantry.ends(id, 'succeeded');
      const highest = Math.max(...(await epochs()));
      const { length: events } = await gantry.events('deployment');
      await gantry.stopOrchestrators();
      const done = gantry.fleet.effects.length;
      await gantry.postgres.restore('backup');
      expect((await gantry.events('deployment')).length).toBeLessThan(events);

      await gantry.orchestrator();
      const held = `quarantine.restored.deployment-${id}`;
      expect(await items()).toEqual([
        `attention.opened ${held}`,
        'attention.opened log.restored.1',
      ]);
      const [drawn] = await gantry.postgres.sql(
        'SELECT last_value::float8 AS last FROM orchestrator.fence',
      );
      expect(Number(drawn?.['last'])).toBeGreaterThan(highest);
      const resume = ResumeDeployment.schema.parse({ deploymentId: id, reason: 'looked at' });
      const waiting = await gantry.deploy('portal', '6.0.0-1');
      expect(waiting.reply).toMatchObject({ outcome: 'refused' });
      await gantry.stopOrchestrators();
      // Another life of the same replica, and one that knows nothing: it stays told once, and held.
      await Promise.all([
        gantry.orchestrator(),
        gantry.orchestrator({ GANTRY_LOG_MARK_FILE: '/nonexistent/mark' }),
      ]);
      expect((await items()).length).toBe(2);
      expect(gantry.fleet.effects.length).toBe(done);

      expect(await gantry.ask(ResumeDeployment, resume)).toMatchObject({ outcome: 'accepted' });
      await gantry.ends(id, 'succeeded');
      const [hold] = await gantry.events('hold');
      expect(hold?.data).toMatchObject({ owner: 'gantry', scope: { over: 'all' } });
      const holdId = String(hold?.data['holdId']);
      const lift = LiftHold.schema.parse({ holdId, reason: 'compared' });
      expect(await gantry.ask(LiftHold, lift)).toMatchObject({ outcome: 'accepted' });
      const next = await gantry.deploy('portal', '6.0.0-1');
      await gantry.ends(next.id, 'succeeded');
    },
    LIMIT,
  );
});
