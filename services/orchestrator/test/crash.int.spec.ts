import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PauseDeployment, ResumeDeployment } from '@gantry/contracts';
import { Client } from 'pg';
import { HOSTS, Installation } from './installation.js';

const LIMIT = 180_000;

describe('an orchestrator that is cut off, killed or doubled', () => {
  let gantry: Installation;
  let version = 0;
  const freshBuild = async (): Promise<string> => {
    const evr = `3.0.${++version}-1`;
    await gantry.build('shop', evr);
    return evr;
  };
  /** The build is on every host, and nothing was asked for twice under two ids. */
  const arrived = async (id: string, evr: string): Promise<void> => {
    await gantry.ends(id, 'succeeded');
    expect(HOSTS.map((host) => gantry.fleet.evrOf(host, 'shop'))).toEqual(Array(4).fill(evr));
    expect(gantry.fleet.outOfService).toEqual([]);
    expect(gantry.fleet.mostOut).toBe(1);
    const events = await gantry.events('deployment', id);
    for (const type of [
      'deployment.host-reserved',
      'puppet.run.requested',
      'deployment.host-done',
    ]) {
      const hosts = events.filter((e) => e.type === type).map((e) => e.data['host']);
      expect([type, ...hosts]).toEqual([type, ...HOSTS]);
    }
    expect(events.map((e) => e.version)).toEqual(events.map((_, i) => i + 1));
  };
  const drained = (n: number): Promise<void> =>
    gantry.eventually(() => gantry.fleet.count('lb.drain.requested') >= n, `drain ${n}`);

  beforeAll(async () => {
    gantry = await Installation.start();
  }, LIMIT);
  afterAll(() => gantry.stop(), LIMIT);
  beforeEach(() => {
    gantry.fleet.reset();
  });
  afterEach(async () => {
    gantry.delivery.copies = 1;
    await gantry.delivery.release();
    await gantry.stopOrchestrators();
  }, LIMIT);

  it(
    'F-020 F-102 is two of them, and every message comes twice: each effect once',
    async () => {
      await Promise.all([gantry.orchestrator(), gantry.orchestrator()]);
      gantry.delivery.copies = 2;
      const evr = await freshBuild();
      const [id, messageId] = [randomUUID(), randomUUID()];
      gantry.delivery.hold();
      const replies = await Promise.all([
        gantry.deploy('shop', evr, { id, messageId }),
        gantry.deploy('shop', evr, { id, messageId }),
      ]);
      expect(replies.map((r) => r.reply.outcome)).toEqual(['accepted', 'accepted']);
      await gantry.delivery.release();
      await drained(1);
      gantry.delivery.hold();
      for (const command of [PauseDeployment, ResumeDeployment]) {
        const data = command.schema.parse({ deploymentId: id, reason: 'twice' });
        const once = randomUUID();
        await Promise.all([gantry.ask(command, data, once), gantry.ask(command, data, once)]);
      }
      await gantry.delivery.release();
      await arrived(id, evr);
      for (const type of [
        'lb.drain.requested',
        'puppet.run.requested',
        'lb.enable.requested',
      ] as const)
        expect([type, gantry.fleet.count(type), gantry.fleet.repeated(type)]).toEqual([type, 4, 0]);
      const events = await gantry.events('deployment', id);
      expect(events.filter((e) => e.type === 'deployment.paused')).toHaveLength(1);
      expect(events.filter((e) => e.type === 'deployment.resumed')).toHaveLength(1);
    },
    LIMIT,
  );

  it(
    'F-003 is killed in the middle of every host, and goes on each time',
    async () => {
      let orchestrator = await gantry.orchestrator();
      const evr = await freshBuild();
      gantry.delivery.hold();
      const { id } = await gantry.deploy('shop', evr);
      await gantry.eventually(() => gantry.fleet.count('lb.survey.requested') > 0, 'the survey');
      for (let host = 1; host <= HOSTS.length; host++) {
        await gantry.delivery.release();
        await drained(host);
        gantry.delivery.hold();
        await orchestrator.kill9();
        orchestrator = await gantry.orchestrator();
      }
      await gantry.delivery.release();
      await arrived(id, evr);
    },
    LIMIT,
  );

  it(
    'loses one of two replicas, and the other goes on',
    async () => {
      const [one] = await Promise.all([gantry.orchestrator(), gantry.orchestrator()]);
      const evr = await freshBuild();
      const { id } = await gantry.deploy('shop', evr);
      await drained(1);
      await one.kill9();
      await arrived(id, evr);
    },
    LIMIT,
  );

  it(
    'F-036 loses Postgres, and goes on when it is back',
    async () => {
      const orchestrator = await gantry.orchestrator();
      const evr = await freshBuild();
      gantry.delivery.hold();
      const { id } = await gantry.deploy('shop', evr);
      await gantry.eventually(() => gantry.fleet.count('lb.survey.requested') > 0, 'the survey');
      await gantry.postgres.down();
      await gantry.delivery.release();
      await gantry.eventually(async () => !(await orchestrator.ready()), 'it to notice');
      await gantry.postgres.up();
      await arrived(id, evr);
      await gantry.eventually(() => orchestrator.ready(), 'it to be ready again');
    },
    LIMIT,
  );

  it(
    'F-016 loses the broker, and goes on when it is back',
    async () => {
      const orchestrator = await gantry.orchestrator();
      const evr = await freshBuild();
      const { id } = await gantry.deploy('shop', evr);
      await drained(2);
      await gantry.broker.restart();
      await arrived(id, evr);
      await gantry.eventually(() => orchestrator.ready(), 'it to be ready again');
    },
    LIMIT,
  );

  it(
    'cannot publish for a while: what was recorded is published later, in its order',
    async () => {
      const leader = new Client({ connectionString: gantry.postgres.url() });
      await leader.connect();
      try {
        const { rows } = await leader.query<{ leads: boolean }>(
          `SELECT pg_try_advisory_lock(hashtextextended('relay:relay', 1)) AS leads`,
        );
        expect(rows[0]?.leads).toBe(true);
        await gantry.orchestrator();
        const evr = await freshBuild();
        const { id } = await gantry.deploy('shop', evr);
        expect(await gantry.lastOf(id)).toBe('lb.survey.requested');
        expect(gantry.fleet.effects).toEqual([]);
        await leader.query('SELECT pg_advisory_unlock_all()');
        await arrived(id, evr);
      } finally {
        await leader.end();
      }
    },
    LIMIT,
  );
});
