import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CancelDeployment, ResumeDeployment } from '@gantry/contracts';
import { HOSTS, Installation, type Logged } from './installation.js';

const LIMIT = 180_000;
/** Whoever cancels kills the orchestrator, in every life. */
const POISONED = { GANTRY_TEST: '1', GANTRY_CRASH_AT: 'appending/deployment.cancel-requested' };

describe('a stream that takes its orchestrator down', () => {
  let gantry: Installation;

  beforeAll(async () => {
    gantry = await Installation.start();
  }, LIMIT);
  afterAll(() => gantry.stop(), LIMIT);
  beforeEach(() => {
    gantry.fleet.reset();
  });
  afterEach(async () => {
    await gantry.delivery.release();
    await gantry.stopOrchestrators();
  }, LIMIT);

  const itemOf = (id: string): Promise<readonly Logged[]> =>
    gantry
      .events('attention')
      .then((events) => events.filter((e) => e.stream.endsWith(`.deployment-${id}`)));

  const hostsDone = async (id: string): Promise<number> =>
    (await gantry.events('deployment', id)).filter((e) => e.type === 'deployment.host-done').length;

  /** Starts lives until one stays, as a supervisor does; how many died. */
  async function lives(): Promise<number> {
    for (let deaths = 0; ; deaths++) {
      const life = await gantry.orchestrator(POISONED).catch(() => undefined);
      if (life === undefined) continue;
      const ended = await life.endsWithin(4_000);
      if (!ended) return deaths;
    }
  }

  it(
    'F-011 an orchestrator dies on every start at one poisoned deployment: after three deaths that one is held and told, the others go on, and a person releases it',
    async () => {
      await gantry.orchestrator(POISONED);
      await gantry.build('shop', '4.0.0-1');
      await gantry.build('portal', '4.0.0-1');
      gantry.delivery.hold();
      const { id } = await gantry.deploy('shop', '4.0.0-1');
      const cancel = CancelDeployment.schema.parse({ deploymentId: id, reason: 'poison' });
      await gantry.delivery.release();
      await gantry.eventually(
        () => gantry.fleet.count('lb.drain.requested') > 0,
        'it to be under way',
      );
      gantry.delivery.hold();
      void gantry.ask(CancelDeployment, cancel).catch(() => undefined);

      expect(await lives()).toBe(2);
      const [item, ...more] = await itemOf(id);
      expect(item?.data).toMatchObject({ kind: 'stream-quarantined' });
      expect(item?.data['detail']).toContain('died 3 times');
      expect(more).toEqual([]);

      const before = (await gantry.events('deployment', id)).length;
      await gantry.delivery.release();
      const { id: other } = await gantry.deploy('portal', '4.0.0-1');
      // The host that the held deployment has out stays its own.
      await gantry.eventually(async () => (await hostsDone(other)) === 3, 'three hosts of three');
      expect((await gantry.events('deployment', id)).length).toBe(before);
      const refused = await gantry.ask(CancelDeployment, cancel);
      expect(refused).toMatchObject({ outcome: 'refused', code: 'quarantined' });

      await gantry.stopOrchestrators();
      await gantry.orchestrator();
      expect((await gantry.ask(CancelDeployment, cancel)).outcome).toBe('refused');
      const resume = ResumeDeployment.schema.parse({ deploymentId: id, reason: 'mended' });
      expect(await gantry.ask(ResumeDeployment, resume)).toMatchObject({ outcome: 'accepted' });
      await gantry.ends(id, 'succeeded');
      await gantry.ends(other, 'succeeded');
      expect((await itemOf(id)).map((e) => e.type)).toEqual([
        'attention.opened',
        'attention.closed',
      ]);
      expect(HOSTS.map((host) => gantry.fleet.evrOf(host, 'shop'))).toEqual(
        Array(4).fill('4.0.0-1'),
      );
    },
    LIMIT,
  );

  it(
    'F-106 I-18 a deployment whose events cannot be read (of a type that only a newer version knows) is held, the others go on, and it goes on by itself once they can',
    async () => {
      await gantry.orchestrator();
      await gantry.build('shop', '4.1.0-1');
      await gantry.build('portal', '4.1.0-1');
      gantry.delivery.hold();
      const { id } = await gantry.deploy('shop', '4.1.0-1');
      await gantry.stopOrchestrators();
      const unreadable = (type: string): Promise<unknown> =>
        gantry.postgres.sql(
          `ALTER TABLE log.event DISABLE TRIGGER event_is_append_only;
           UPDATE log.event SET type = '${type}' WHERE stream_id = '${id}' AND stream_version = 1;
           ALTER TABLE log.event ENABLE ALWAYS TRIGGER event_is_append_only`,
        );
      await unreadable('deployment.not-yet-known');
      await gantry.orchestrator();
      await gantry.delivery.release();
      await gantry.eventually(async () => (await itemOf(id)).length === 1, 'the item');
      expect((await itemOf(id))[0]?.data['detail']).toContain('deployment.not-yet-known');
      const { id: other } = await gantry.deploy('portal', '4.1.0-1');
      await gantry.ends(other, 'succeeded');
      await unreadable('deployment.requested');
      await gantry.ends(id, 'succeeded');
      expect((await itemOf(id)).map((e) => e.type)).toEqual([
        'attention.opened',
        'attention.closed',
      ]);
    },
    LIMIT,
  );

  it(
    'a deployment whose timer was lost is woken by whoever resumes it, in whatever state it is',
    async () => {
      await gantry.orchestrator({ GANTRY_MEND_MS: '600000' });
      await gantry.build('shop', '4.2.0-1');
      gantry.fleet.lost.add('puppet.publish.requested');
      const { id } = await gantry.deploy('shop', '4.2.0-1');
      const isAsked = async () =>
        (await gantry.events('deployment', id)).at(-1)?.type === 'puppet.publish.requested';
      await gantry.eventually(isAsked, 'a question that nobody hears');
      await gantry.postgres.sql('DELETE FROM orchestrator.timer');
      gantry.fleet.lost.clear();
      const resume = ResumeDeployment.schema.parse({ deploymentId: id, reason: randomUUID() });
      expect(await gantry.ask(ResumeDeployment, resume)).toMatchObject({ outcome: 'accepted' });
      await gantry.ends(id, 'succeeded');
    },
    LIMIT,
  );
});
