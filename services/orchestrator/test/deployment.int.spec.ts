import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  AcceptFleetChange,
  CancelDeployment,
  PauseDeployment,
  RequestRefresh,
  RollbackDeployment,
} from '@gantry/contracts';
import { FLEET, HOSTS, Installation } from './installation.js';
import type { Effect } from './simulated-fleet.js';

const LIMIT = 120_000;

/** The fleet with one more environment of a hundred hosts, in a pool of its own. */
const MANY = Array.from({ length: 100 }, (_, n) => `many${n}.test`);
const WITH_MANY = JSON.stringify({
  ...FLEET,
  pools: {
    ...FLEET.pools,
    many: { device: 'lb', backend: 'many', members: Object.fromEntries(MANY.map((h) => [h, h])) },
  },
  environments: {
    ...FLEET.environments,
    many: {
      ...FLEET.environments.production,
      applications: { shop: { hosts: MANY, pools: ['many'] } },
    },
  },
});

const shaOf = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('the orchestrator on a real Postgres and a real broker', () => {
  let gantry: Installation;
  let version = 0;
  /** A build of the package that nobody has deployed yet. */
  const freshBuild = async (name: string): Promise<string> => {
    const evr = `2.0.${++version}-1`;
    await gantry.build(name, evr);
    return evr;
  };
  /** Waits until the log says that this very file is in force. */
  const inForce = (text: string) =>
    gantry.eventually(async () => {
      const last = (await gantry.events('fleet')).at(-1);
      return last?.type === 'fleet.adopted' && last.data['sha256'] === shaOf(text);
    }, 'the fleet file to be in force');
  const deploymentEvents = async () => (await gantry.events('deployment')).length;

  beforeAll(async () => {
    gantry = await Installation.start();
    await gantry.orchestrator();
    await gantry.eventually(async () => (await gantry.events('fleet')).length > 0, 'a fleet');
  }, LIMIT);
  afterAll(() => gantry.stop(), LIMIT);
  beforeEach(async () => {
    await gantry.delivery.release();
    gantry.fleet.reset();
  });

  it(
    'takes a build to every host, one out at a time, each command once',
    async () => {
      const evr = await freshBuild('shop');
      const { id, reply } = await gantry.deploy('shop', evr);
      expect(reply).toMatchObject({ outcome: 'accepted', subject: `deployment-${id}` });
      await gantry.ends(id, 'succeeded');
      const { fleet } = gantry;
      expect(HOSTS.map((host) => fleet.evrOf(host, 'shop'))).toEqual(Array(4).fill(evr));
      expect(fleet.mostOut).toBe(1);
      expect(fleet.outOfService).toEqual([]);
      expect([fleet.count('puppet.run.requested'), fleet.repeated('puppet.run.requested')]).toEqual(
        [4, 0],
      );
      const events = await gantry.events('deployment', id);
      expect(events.map((e) => e.version)).toEqual(events.map((_, i) => i + 1));
      const left = await gantry.postgres.sql(
        'SELECT stream FROM orchestrator.host_claim UNION SELECT stream FROM orchestrator.timer UNION SELECT stream FROM orchestrator.active_deployment',
      );
      expect(left).toEqual([]);
    },
    LIMIT,
  );

  it(
    'F-103 makes one deployment of the same request asked many times',
    async () => {
      const evr = await freshBuild('shop');
      const [id, messageId] = [randomUUID(), randomUUID()];
      const asked = await Promise.all(
        Array.from({ length: 5 }, () => gantry.deploy('shop', evr, { id, messageId })),
      );
      for (const { reply } of asked)
        expect(reply).toMatchObject({ outcome: 'accepted', subject: `deployment-${id}` });
      await gantry.ends(id, 'succeeded');
      const requested = (await gantry.events('deployment', id)).filter(
        (e) => e.type === 'deployment.requested',
      );
      expect(requested).toHaveLength(1);
      const again = await gantry.deploy('shop', evr, { id });
      expect(again.reply).toMatchObject({ outcome: 'refused', code: 'deployment-exists' });
    },
    LIMIT,
  );

  it(
    'F-068 a hundred hosts answer in the same moment, each twice: each counts once, and none is lost',
    async () => {
      const hosts = MANY;
      await gantry.writeFleet(WITH_MANY);
      await inForce(WITH_MANY);
      const evr = await freshBuild('shop');
      gantry.delivery.hold();
      gantry.delivery.copies = 2;
      const { id, reply } = await gantry.deploy('shop', evr, { environment: 'many' });
      expect(reply).toMatchObject({ outcome: 'accepted' });
      await gantry.eventually(() => gantry.delivery.waiting > hosts.length, 'every host to answer');
      await gantry.delivery.releaseAtOnce();
      gantry.delivery.copies = 1;
      const events = () => gantry.events('deployment', id);
      const surveyed = async () =>
        (await events()).filter((e) => e.type === 'deployment.host-surveyed');
      await gantry.eventually(async () => (await surveyed()).length >= 100, 'all to count');
      // The simulated balancer knows nothing of them: the survey is complete, and its plan refused.
      await gantry.ends(id, 'refused');
      expect((await surveyed()).map((e) => e.data['host']).sort()).toEqual([...hosts].sort());
      expect((await events()).map((e) => e.version)).toEqual((await events()).map((_, i) => i + 1));
    },
    LIMIT,
  );

  it(
    'H-069 a fleet change that takes away an environment is held, also after a restart, until a person accepts it by its hash',
    async () => {
      await gantry.writeFleet(WITH_MANY);
      await inForce(WITH_MANY);
      const smaller = JSON.stringify(FLEET, null, 1);
      await gantry.writeFleet(smaller);
      const item = async () => (await gantry.events('attention', 'fleet-change')).at(-1);
      const isHeld = async () => (await item())?.type === 'attention.opened';
      await gantry.eventually(isHeld, 'the change to be held');
      const detail = String((await item())?.data['detail']);
      for (const told of ['fleet.yaml', shaOf(smaller), 'environments.many', 'pools.many'])
        expect(detail).toContain(told);
      const before = (await gantry.events('fleet')).length;

      await gantry.stopOrchestrators();
      await Promise.all([gantry.orchestrator(), gantry.orchestrator()]);
      const evr = await freshBuild('shop');
      const still = await gantry.deploy('shop', evr, { environment: 'many' });
      expect(still.reply).toMatchObject({ outcome: 'accepted' });
      await gantry.ends(still.id, 'refused');
      expect(await isHeld()).toBe(true);
      expect((await gantry.events('fleet')).length).toBe(before);

      const accept = (text: string, actor?: string) => {
        const asked = { sha256: shaOf(text), reason: 'the environment is given up' };
        const data = AcceptFleetChange.schema.parse(asked);
        return gantry.ask(AcceptFleetChange, data, randomUUID(), actor);
      };
      const notHeld = { outcome: 'refused', code: 'fleet-change-not-held' };
      expect(await accept(`${smaller} `)).toMatchObject(notHeld);
      expect(await accept(smaller, 'ci-1')).toMatchObject({ code: 'approver-is-automation' });
      expect(await accept(smaller, 'anna')).toMatchObject({ outcome: 'accepted' });
      expect(await accept(smaller, 'anna')).toMatchObject({ outcome: 'ignored' });
      await inForce(smaller);
      expect((await item())?.type).toBe('attention.closed');
      expect((await gantry.events('fleet')).slice(before)).toMatchObject([
        { type: 'fleet.change-accepted', data: { by: 'anna' } },
        { type: 'fleet.adopted' },
      ]);
      const gone = await gantry.deploy('shop', evr, { environment: 'many' });
      expect(gone.reply).toMatchObject({ outcome: 'refused', code: 'unknown-environment' });
    },
    LIMIT,
  );

  it.each([
    ['unknown-application', 'nothing', '9.9.9-1', 'production'],
    ['unknown-environment', 'shop', '9.9.9-1', 'nowhere'],
    ['unknown-build', 'shop', '9.9.9-1', 'production'],
    ['unknown-application', 'constructor', '9.9.9-1', 'production'],
  ])(
    'refuses with %s and records nothing',
    async (code, application, evr, environment) => {
      const before = await deploymentEvents();
      const { reply } = await gantry.deploy(application, evr, { environment });
      expect(reply).toMatchObject({ outcome: 'refused', code, status: 'not-found' });
      expect(await deploymentEvents()).toBe(before);
    },
    LIMIT,
  );

  it(
    'refuses a refresh of an unknown host, and a command to no deployment, and records nothing',
    async () => {
      const refresh = RequestRefresh.schema.parse({
        refreshId: randomUUID(),
        hosts: ['db1.test'],
        noop: true,
        reason: 'test',
        concurrency: 1,
      });
      expect(await gantry.ask(RequestRefresh, refresh)).toMatchObject({
        outcome: 'refused',
        code: 'unknown-host',
      });
      expect(await gantry.events('refresh')).toEqual([]);
      const nobody = PauseDeployment.schema.parse({ deploymentId: randomUUID(), reason: 'test' });
      const before = await deploymentEvents();
      expect(await gantry.ask(PauseDeployment, nobody)).toMatchObject({
        outcome: 'refused',
        code: 'unknown-deployment',
      });
      expect(await deploymentEvents()).toBe(before);
    },
    LIMIT,
  );

  it(
    'lets one deployment of an application be in an environment, and the next when it has ended',
    async () => {
      const [one, two] = [await freshBuild('shop'), await freshBuild('shop')];
      gantry.delivery.hold();
      const asked = await Promise.all([gantry.deploy('shop', one), gantry.deploy('shop', two)]);
      const outcomes = asked.map((a) => a.reply.outcome).sort();
      expect(outcomes).toEqual(['accepted', 'refused']);
      const [first, second] = asked[0].reply.outcome === 'accepted' ? asked : [asked[1], asked[0]];
      expect(second.reply).toMatchObject({ code: 'deployment-active' });
      await gantry.delivery.release();
      await gantry.ends(first.id, 'succeeded');
      const third = await gantry.deploy('shop', await freshBuild('shop'));
      await gantry.ends(third.id, 'succeeded');
    },
    LIMIT,
  );

  it(
    'F-101 never lets two deployments own one host, and keeps the minimum of the pool they share',
    async () => {
      const builds = [await freshBuild('shop'), await freshBuild('portal')];
      const [shop, portal] = await Promise.all([
        gantry.deploy('shop', builds[0]!),
        gantry.deploy('portal', builds[1]!),
      ]);
      await Promise.all([gantry.ends(shop.id, 'succeeded'), gantry.ends(portal.id, 'succeeded')]);
      expect(overlaps(gantry.fleet.effects)).toEqual([]);
      expect(gantry.fleet.mostOut).toBeLessThanOrEqual(2);
      expect(gantry.fleet.outOfService).toEqual([]);
    },
    LIMIT,
  );

  it(
    "keeps refreshes and deployments off each other's hosts",
    async () => {
      const evr = await freshBuild('shop');
      const refreshId = randomUUID();
      const refresh = RequestRefresh.schema.parse({
        refreshId,
        hosts: [...HOSTS],
        noop: false,
        reason: 'test',
        concurrency: 4,
      });
      const [{ id }] = await Promise.all([
        gantry.deploy('shop', evr),
        gantry.ask(RequestRefresh, refresh),
      ]);
      await gantry.ends(id, 'succeeded');
      await gantry.eventually(
        async () =>
          (await gantry.events('refresh', refreshId)).at(-1)?.type === 'refresh.completed',
        'the refresh to complete',
      );
      const reserved = await gantry.events('refresh', refreshId);
      expect(reserved.filter((e) => e.type === 'refresh.host-reserved')).toHaveLength(4);
      expect(gantry.fleet.count('puppet.run.requested')).toBe(8);
      expect(overlaps(gantry.fleet.effects)).toEqual([]);
    },
    LIMIT,
  );

  it(
    'cancels, and rolls back, and holds a build that was rolled back',
    async () => {
      const evr = await freshBuild('shop');
      gantry.delivery.hold();
      const first = await gantry.deploy('shop', evr);
      const cancel = CancelDeployment.schema.parse({ deploymentId: first.id, reason: 'no' });
      expect(await gantry.ask(CancelDeployment, cancel)).toMatchObject({ outcome: 'accepted' });
      await gantry.ends(first.id, 'cancelled');
      await gantry.delivery.release();

      const second = await gantry.deploy('shop', evr);
      const { fleet } = gantry;
      await gantry.eventually(() => fleet.count('lb.drain.requested') > 1, 'the second host');
      const rollback = RollbackDeployment.schema.parse({ deploymentId: second.id, reason: 'bad' });
      expect(await gantry.ask(RollbackDeployment, rollback)).toMatchObject({ outcome: 'accepted' });
      await gantry.ends(second.id, 'rolled-back');
      expect(HOSTS.map((host) => fleet.evrOf(host, 'shop'))).toEqual(Array(4).fill('1.0.0-1'));
      const third = await gantry.deploy('shop', evr);
      expect(third.reply).toMatchObject({ outcome: 'refused', code: 'build-quarantined' });
    },
    LIMIT,
  );

  it(
    'refuses a broken fleet file with line and reason, and keeps the last good one in force',
    async () => {
      const text = JSON.stringify(FLEET, null, 1);
      await gantry.writeFleet(text.replace('"web4.test"', '"WEB4 test"'));
      const line = text.slice(0, text.indexOf('"web4.test"')).split('\n').length;
      const item = async () => (await gantry.events('attention', 'fleet-file')).at(-1);
      await gantry.eventually(
        async () => (await item())?.type === 'attention.opened',
        'an attention item',
      );
      expect((await gantry.events('fleet')).at(-1)).toMatchObject({ type: 'fleet.rejected' });
      expect(String((await item())?.data['detail'])).toContain(`line ${line},`);
      const { id } = await gantry.deploy('portal', await freshBuild('portal'));
      await gantry.ends(id, 'succeeded');
      await gantry.writeFleet(`${text}\n`);
      await gantry.eventually(
        async () => (await item())?.type === 'attention.closed',
        'the item to be closed',
      );
      expect((await gantry.events('fleet')).at(-1)).toEqual(
        expect.objectContaining({ type: 'fleet.adopted' }),
      );
    },
    LIMIT,
  );
});

/** Hosts that one stream took while another one had them out. Only what was really done counts, in the order it was done. */
function overlaps(effects: readonly Effect[]): readonly string[] {
  const owner = new Map<string, string>();
  const found: string[] = [];
  for (const { type, host, requestId } of effects) {
    const stream = requestId.slice(0, 36);
    const takes = type === 'lb.drain.requested' || type === 'puppet.run.requested';
    if (takes && (owner.get(host) ?? stream) !== stream) found.push(`${host}: ${requestId}`);
    if (type === 'lb.drain.requested') owner.set(host, stream);
    if (type === 'lb.enable.requested') owner.delete(host);
  }
  return found;
}
