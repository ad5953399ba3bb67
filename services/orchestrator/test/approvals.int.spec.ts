import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ApproveDeployment,
  PlaceHold,
  LiftHold,
  RejectDeployment,
  StartRelease,
  StopRelease,
  type CommandReply,
} from '@gantry/contracts';
import { FLEET, HOSTS, Installation, type Logged } from './installation.js';

const LIMIT = 180_000;
const { shop, portal } = FLEET.environments.production.applications;

/** Production wants two of its managers, the portal any other person, and that soon. */
const WITH_APPROVALS = {
  ...FLEET,
  groups: { managers: ['bob', 'carol', 'tester'] },
  environments: {
    production: {
      ...FLEET.environments.production,
      approval: { quorum: 2, group: 'managers' },
      applications: { shop, portal: { ...portal, approval: { expiresAfterMs: 3_000 } } },
    },
    certification: {
      puppetServers: ['puppet.test'],
      applications: { shop: { hosts: ['cert1.test'], pools: [] } },
    },
  },
  pipelines: {
    shop: {
      applications: ['shop'],
      stages: [{ environment: 'certification', start: 'approval' }],
    },
  },
};

describe('approvals', () => {
  let gantry: Installation;
  let minor = 0;

  beforeAll(async () => {
    gantry = await Installation.start();
    await gantry.writeFleet(JSON.stringify(WITH_APPROVALS, null, 1));
    await Promise.all([gantry.orchestrator(), gantry.orchestrator()]);
    await gantry.eventually(async () => (await gantry.events('fleet')).length > 0, 'a fleet');
  }, LIMIT);
  afterAll(() => gantry.stop(), LIMIT);
  beforeEach(() => gantry.fleet.reset());

  const events = (id: string): Promise<readonly Logged[]> => gantry.events('deployment', id);
  const count = async (id: string, type: string): Promise<number> =>
    (await events(id)).filter((e) => e.type === `deployment.${type}`).length;
  /** The hash of the plan that people are asked about, for the nth time. */
  const asked = async (id: string, times = 1): Promise<string> => {
    const requests = async () =>
      (await events(id)).filter((e) => e.type === 'deployment.approval-requested');
    await gantry.eventually(
      async () => (await requests()).length === times,
      `${id} to ask for approval`,
      async () => JSON.stringify((await events(id)).slice(-4)),
    );
    return String((await requests()).at(-1)?.data['planHash']);
  };
  const say = (
    definition: typeof ApproveDeployment | typeof RejectDeployment,
    id: string,
    by: string,
    planHash: string,
  ): Promise<CommandReply> => {
    const data = definition.schema.parse({ deploymentId: id, planHash, reason: 'looks right' });
    return gantry.ask(definition, data, randomUUID(), by);
  };
  const item = async (id: string): Promise<readonly string[]> =>
    (await gantry.events('attention', `approval.${id}`)).map((e) => e.type);
  const waiting = async (application: string) => {
    const evr = `7.${++minor}.0-1`;
    await gantry.build(application, evr);
    const { id, reply } = await gantry.deploy(application, evr);
    expect(reply).toMatchObject({ outcome: 'accepted' });
    return { id, evr, hash: await asked(id) };
  };

  it(
    'two other people of the group let it begin, told to whichever replica; nobody else does',
    async () => {
      const { id, evr, hash } = await waiting('shop');
      const refusals = [
        await say(ApproveDeployment, id, 'tester', hash),
        await say(ApproveDeployment, id, 'dave', hash),
        await say(ApproveDeployment, id, 'ci', hash),
        await say(ApproveDeployment, id, 'bob', 'f'.repeat(64)),
      ];
      expect(refusals.map((r) => r.outcome === 'refused' && r.code)).toEqual([
        'approver-is-requester',
        'approver-not-in-group',
        'approver-is-automation',
        'plan-changed',
      ]);
      const twice = await Promise.all([1, 2].map(() => say(ApproveDeployment, id, 'bob', hash)));
      expect(twice.map((r) => r.outcome).sort()).toEqual(['accepted', 'refused']);
      expect(await count(id, 'started')).toBe(0);
      expect(gantry.fleet.count('puppet.run.requested')).toBe(0);
      expect(await item(id)).toEqual(['attention.opened']);
      expect(await say(ApproveDeployment, id, 'carol', hash)).toMatchObject({
        outcome: 'accepted',
      });
      await gantry.ends(id, 'succeeded');
      expect(HOSTS.map((host) => gantry.fleet.evrOf(host, 'shop'))).toEqual(Array(4).fill(evr));
      expect(await item(id)).toEqual(['attention.opened', 'attention.closed']);
    },
    LIMIT,
  );

  it(
    'H-009 hosts that changed after the plan was made void what was agreed to it',
    async () => {
      const { id, hash } = await waiting('portal');
      gantry.fleet.install('web2.test', 'portal', '0.9.0-1');
      await say(ApproveDeployment, id, 'bob', hash);
      const anew = await asked(id, 2);
      expect(anew).not.toBe(hash);
      expect(await count(id, 'approvals-voided')).toBe(1);
      expect(await count(id, 'started')).toBe(0);
      expect(await say(ApproveDeployment, id, 'bob', hash)).toMatchObject({ code: 'plan-changed' });
      expect(await say(ApproveDeployment, id, 'bob', anew)).toMatchObject({ outcome: 'accepted' });
      await gantry.ends(id, 'succeeded');
    },
    LIMIT,
  );

  it(
    'without them it ends when its time is over, also when whoever asked for them died and the timer was lost',
    async () => {
      const { id, hash } = await waiting('portal');
      await Promise.all(gantry.orchestrators.splice(0).map((o) => o.kill9()));
      await gantry.postgres.sql('TRUNCATE orchestrator.timer');
      await gantry.orchestrator();
      await gantry.ends(id, 'expired');
      expect(await say(ApproveDeployment, id, 'bob', hash)).toMatchObject({
        code: 'not-awaiting-approval',
      });
      expect(await item(id)).toEqual(['attention.opened', 'attention.closed']);
      expect(gantry.fleet.count('puppet.run.requested')).toBe(0);
    },
    LIMIT,
  );

  it(
    'one no is enough, and nothing begins while a hold binds',
    async () => {
      const { id, hash } = await waiting('shop');
      const holdId = randomUUID();
      const lock = {
        ...{ holdId, rule: { kind: 'lock' }, reason: 'the database moves' },
        scope: { over: 'environment', environment: 'production' },
      };
      await gantry.ask(PlaceHold, PlaceHold.schema.parse(lock));
      expect(await say(ApproveDeployment, id, 'bob', hash)).toMatchObject({ outcome: 'accepted' });
      expect(await say(ApproveDeployment, id, 'carol', hash)).toMatchObject({ code: 'lock' });
      await gantry.ask(LiftHold, LiftHold.schema.parse({ holdId, reason: 'it has moved' }));
      expect(await say(RejectDeployment, id, 'tester', hash)).toMatchObject({
        code: 'approver-is-requester',
      });
      expect(await say(RejectDeployment, id, 'carol', hash)).toMatchObject({ outcome: 'accepted' });
      await gantry.ends(id, 'refused');
      expect(await count(id, 'started')).toBe(0);
    },
    LIMIT,
  );

  it(
    'a stage that says `start: approval` waits, for another person than who asked for the release, and goes on',
    async () => {
      const releaseOf = async (evr: string) =>
        (await gantry.events('release')).filter(
          (e) => e.type === 'release.deployment-requested' && e.data['evr'] === evr,
        );
      const askedFor = async (evr: string, nth: number): Promise<string> => {
        await gantry.eventually(
          async () => (await releaseOf(evr)).length === nth,
          'its deployment',
        );
        return String((await releaseOf(evr))[nth - 1]?.data['deploymentId']);
      };
      const [older, evr] = [1, 2].map(() => `7.${++minor}.0-1`) as [string, string];
      // Nobody asked for these two: the builds were seen. The newer one does not wait until somebody has looked at the older.
      await gantry.build('shop', older);
      const first = await askedFor(older, 1);
      await asked(first);
      await gantry.build('shop', evr);
      await gantry.ends(first, 'superseded');
      const automatic = await askedFor(evr, 1);
      await say(RejectDeployment, automatic, 'bob', await asked(automatic));
      await gantry.ends(automatic, 'refused');

      const releaseId = randomUUID();
      const start = { releaseId, pipeline: 'shop', evr, skip: [], reason: 'by hand' };
      const started = await gantry.ask(
        StartRelease,
        StartRelease.schema.parse(start),
        undefined,
        'dora',
      );
      expect(started).toMatchObject({ outcome: 'accepted' });
      const id = await askedFor(evr, 2);
      const hash = await asked(id);
      expect(await say(ApproveDeployment, id, 'dora', hash)).toMatchObject({
        code: 'approver-is-requester',
      });
      expect(await say(ApproveDeployment, id, 'tester', hash)).toMatchObject({
        outcome: 'accepted',
      });
      await gantry.eventually(
        async () =>
          (await gantry.events('release', releaseId)).at(-1)?.type === 'release.succeeded',
        'the release to arrive',
        async () => JSON.stringify((await gantry.events('release', releaseId)).slice(-3)),
      );
      expect(gantry.fleet.evrOf('cert1.test', 'shop')).toBe(evr);
    },
    LIMIT,
  );

  it(
    'what a stopped release has asked for ends before it begins, though every orchestrator dies right after the stop',
    async () => {
      const evr = `7.${++minor}.0-1`;
      await gantry.build('shop', evr);
      const asking = async () =>
        (await gantry.events('release')).find(
          (e) => e.type === 'release.deployment-requested' && e.data['evr'] === evr,
        );
      await gantry.eventually(async () => (await asking()) !== undefined, 'its deployment');
      const { deploymentId, releaseId } = (await asking())?.data ?? {};
      await asked(String(deploymentId));
      const stop = StopRelease.schema.parse({ releaseId, reason: 'not today' });
      expect(await gantry.ask(StopRelease, stop)).toMatchObject({ outcome: 'accepted' });
      const dying = gantry.orchestrators.splice(0);
      await Promise.all(dying.map((o) => o.kill9()));
      await gantry.orchestrator();
      await gantry.ends(String(deploymentId), 'cancelled');
      expect(await count(String(deploymentId), 'started')).toBe(0);
    },
    LIMIT,
  );
});
