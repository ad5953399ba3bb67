import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AnswerGate,
  CancelDeployment,
  LiftHold,
  LiftQuarantine,
  PlaceHold,
  ResumeRelease,
  StartRelease,
  StopRelease,
} from '@gantry/contracts';
import { FLEET, HOSTS, Installation, type Logged } from './installation.js';
import { Wall } from './wall.js';

const LIMIT = 180_000;
const gate = { kind: 'command', command: ['true'], deadlineMs: 10_000 };
const CERT = 'cert1.test';

/** Certification and production of the shop, linked to nothing; the portal and the desk travel together. */
const { shop } = FLEET.applications;
const WITH_PIPELINES = {
  ...FLEET,
  // A drain whose request was lost is asked for again after its own time.
  applications: {
    ...FLEET.applications,
    shop: { ...shop, strategy: { ...shop.strategy, drain: { timeoutMs: 2_000 } } },
  },
  environments: {
    ...FLEET.environments,
    certification: {
      puppetServers: ['puppet.test'],
      applications: { shop: { hosts: [CERT], pools: [] } },
    },
  },
  gates: { lint: gate, smoke: gate, pulse: gate, look: { kind: 'manual', question: 'Fine?' } },
  pipelines: {
    shop: {
      applications: ['shop'],
      stages: [
        { environment: 'certification', before: ['lint'], after: ['smoke'], soakMs: 200 },
        { environment: 'production', after: ['smoke'], watch: ['pulse'] },
      ],
    },
  },
};

describe('releases', () => {
  let gantry: Installation;
  let minor = 0;
  const nextEvr = (): string => `5.${++minor}.0-1`;

  beforeAll(async () => {
    gantry = await Installation.start();
    await gantry.writeFleet(JSON.stringify(WITH_PIPELINES, null, 1));
    await gantry.orchestrator();
  }, LIMIT);
  afterAll(() => gantry.stop(), LIMIT);
  afterEach(() => {
    for (const name of ['lint', 'smoke', 'pulse']) gantry.gates.says(name, 'pass');
  });

  const of = async (evr: string): Promise<string> => {
    let id = '';
    await gantry.eventually(async () => {
      const created = (await gantry.events('release')).filter((e) => e.type === 'release.created');
      id = created.find((e) => e.data['evr'] === evr)?.stream.slice('release-'.length) ?? '';
      return id !== '';
    }, `a release of ${evr}`);
    return id;
  };
  const events = (id: string): Promise<readonly Logged[]> => gantry.events('release', id);
  const until = async (id: string, type: string): Promise<Logged> => {
    const found = async () => (await events(id)).find((e) => e.type === type);
    await gantry.eventually(
      async () => (await found()) !== undefined,
      type,
      async () => JSON.stringify((await events(id)).slice(-4)),
    );
    return (await found())!;
  };
  /** What a deployment says of its end, and of anything that would take back what it did. */
  const endOf = async (id: string): Promise<readonly string[]> =>
    (await gantry.events('deployment', id))
      .map(({ type }) => type)
      .filter((type) =>
        /\.(succeeded|failed|paused|cancelled|host-failed|rollback|rolled)/.test(type),
      );
  const environments = async (id: string): Promise<readonly unknown[]> =>
    (await events(id))
      .filter((e) => e.type === 'release.deployment-requested')
      .map((e) => e.data['environment']);

  it(
    'a build that is seen travels to production by itself, through its gates',
    async () => {
      const evr = nextEvr();
      await gantry.build('shop', evr);
      const id = await of(evr);
      await until(id, 'release.succeeded');
      expect(await environments(id)).toEqual(['certification', 'production']);
      expect(
        gantry.gates.asked
          .filter((g) => g.subject.build.evr === evr && g.moment !== 'watch')
          .map((g) => g.gate),
      ).toEqual(['lint', 'smoke', 'smoke']);
      expect([CERT, ...HOSTS].map((host) => gantry.fleet.evrOf(host, 'shop'))).toEqual(
        Array(5).fill(evr),
      );
      const all = await events(id);
      expect(all.map((e) => e.version)).toEqual(all.map((_, n) => n + 1));
    },
    LIMIT,
  );

  it(
    'F-100 what fails after a deployment has done its work takes nothing back: it is tried again, and the next one begins',
    async () => {
      const evr = nextEvr();
      // Every host is done, and the deployment's place cannot be given free.
      const place = await Wall.build(gantry, 'place', {
        event: 'DELETE',
        table: 'orchestrator.active_deployment',
      });
      await gantry.build('shop', evr);
      const id = await of(evr);
      await place.hit(2);
      const [asked] = (await events(id)).filter((e) => e.type === 'release.deployment-requested');
      const first = String(asked?.data['deploymentId']);
      expect(await endOf(first)).toEqual([]);
      // Then it can, and its release can write nothing of it.
      const news = await Wall.build(gantry, 'news', {
        event: 'INSERT',
        table: 'log.event',
        when: `NEW.stream_type = 'release'`,
      });
      await place.remove();
      await gantry.ends(first, 'succeeded');
      await news.hit(2);
      await news.remove();
      await until(id, 'release.succeeded');
      expect(await environments(id)).toEqual(['certification', 'production']);
      expect(await endOf(first)).toEqual(['deployment.succeeded']);
      const next = nextEvr();
      await gantry.build('shop', next);
      await until(await of(next), 'release.succeeded');
      expect([CERT, ...HOSTS].map((host) => gantry.fleet.evrOf(host, 'shop'))).toEqual(
        Array(5).fill(next),
      );
    },
    LIMIT,
  );

  it(
    'a gate that watches and fails stops its release, and the deployment before its next host',
    async () => {
      const evr = nextEvr();
      gantry.gates.says('pulse', 'fail');
      // Hosts of certification are in no pool: only production's stand still.
      gantry.fleet.lost.add('lb.drain.requested');
      await gantry.build('shop', evr);
      const id = await of(evr);
      expect((await until(id, 'release.failed')).data).toMatchObject({
        because: 'the gate pulse, which watches, failed',
      });
      const asked = (await events(id)).filter((e) => e.type === 'release.deployment-requested');
      const deploymentId = String(asked.at(-1)?.data['deploymentId']);
      const paused = async () =>
        (await gantry.events('deployment', deploymentId)).find(
          (e) => e.type === 'deployment.paused',
        );
      await gantry.eventually(async () => (await paused()) !== undefined, 'the deployment to stop');
      expect((await paused())?.data).toMatchObject({ because: 'held', binding: `release:${id}` });
      gantry.fleet.lost.clear();
      const end = CancelDeployment.schema.parse({ deploymentId, reason: 'the pulse is gone' });
      expect((await gantry.ask(CancelDeployment, end)).outcome).toBe('accepted');
      await gantry.ends(deploymentId, 'cancelled');
    },
    LIMIT,
  );

  it(
    'a build whose gate fails stops there, and production never hears of it',
    async () => {
      const evr = nextEvr();
      gantry.gates.says('smoke', 'fail');
      await gantry.build('shop', evr);
      const id = await of(evr);
      const failed = await until(id, 'release.failed');
      expect(failed.data).toEqual({ stage: 0, because: 'the gate smoke failed' });
      expect(await environments(id)).toEqual(['certification']);
    },
    LIMIT,
  );

  it(
    'two orchestrators killed in turn while it travels: every stage once, every gate answered once',
    async () => {
      const evr = nextEvr();
      gantry.gates.says('lint', 'inconclusive');
      await gantry.build('shop', evr);
      const id = await of(evr);
      await until(id, 'release.paused');
      gantry.gates.says('lint', 'pass');
      for (let n = 0; n < 3; n++) {
        const [old] = gantry.orchestrators.splice(0, 1);
        await Promise.all([gantry.orchestrator(), old?.kill9()]);
        if (n === 0) {
          const resume = { releaseId: id, how: 'again', reason: 'it is back' };
          await gantry.ask(ResumeRelease, ResumeRelease.schema.parse(resume));
        }
      }
      await until(id, 'release.succeeded');
      expect(await environments(id)).toEqual(['certification', 'production']);
      const finished = (await events(id)).filter(
        (e) => e.type === 'release.gate-finished' && e.data['moment'] !== 'watch',
      );
      expect(finished.map((e) => [e.data['gate'], e.data['verdict']])).toEqual([
        ['lint', 'inconclusive'],
        ['lint', 'pass'],
        ['smoke', 'pass'],
        ['smoke', 'pass'],
      ]);
    },
    LIMIT,
  );

  it(
    'newest wins: a build that waits is superseded by the next one',
    async () => {
      const [first, second] = [nextEvr(), nextEvr()];
      gantry.gates.says('lint', 'inconclusive');
      await gantry.build('shop', first);
      const waiting = await of(first);
      await until(waiting, 'release.paused');
      gantry.gates.says('lint', 'pass');
      await gantry.build('shop', second);
      const superseded = await until(waiting, 'release.superseded');
      expect(superseded.data['evr']).toBe(second);
      await until(await of(second), 'release.succeeded');
      expect(await environments(waiting)).toEqual([]);
    },
    LIMIT,
  );

  it(
    'an older build that is seen later sets out on no way',
    async () => {
      await gantry.build('shop', '1.0.1-1');
      const evr = nextEvr();
      await gantry.build('shop', evr);
      await until(await of(evr), 'release.succeeded');
      const created = (await gantry.events('release')).filter((e) => e.type === 'release.created');
      expect(created.map((e) => e.data['evr'])).not.toContain('1.0.1-1');
    },
    LIMIT,
  );

  it(
    'outside its window it waits and says until when; a person sends a hotfix past stages, on record',
    async () => {
      const windows = [
        { days: ['mon'], from: '00:00', to: '00:01', timeZone: 'Pacific/Kiritimati' },
      ];
      const { certification } = WITH_PIPELINES.environments;
      const closed = {
        ...WITH_PIPELINES,
        environments: {
          ...WITH_PIPELINES.environments,
          certification: { ...certification, windows },
        },
      };
      await gantry.writeFleet(JSON.stringify(closed, null, 1));
      await gantry.eventually(
        async () => (await gantry.events('fleet')).length >= 2,
        'the fleet file to be in force',
      );
      const [held, hotfix] = [nextEvr(), nextEvr()];
      await gantry.build('shop', held);
      const waiting = await of(held);
      const hold = await until(waiting, 'release.held');
      expect(hold.data).toMatchObject({ rule: 'window' });
      expect(Date.parse(String(hold.data['until']))).toBeGreaterThan(Date.now());
      await gantry.build('shop', hotfix);
      await until(waiting, 'release.superseded');
      const automatic = await of(hotfix);
      const stop = { releaseId: automatic, reason: 'by hand instead' };
      await gantry.ask(StopRelease, StopRelease.schema.parse(stop));
      const releaseId = randomUUID();
      const start = {
        releaseId,
        pipeline: 'shop',
        evr: hotfix,
        skip: ['certification'],
        reason: 'a hole',
      };
      expect(await gantry.ask(StartRelease, StartRelease.schema.parse(start))).toMatchObject({
        outcome: 'accepted',
      });
      await until(releaseId, 'release.succeeded');
      expect(await environments(releaseId)).toEqual(['production']);
      const [created] = await events(releaseId);
      expect(created?.data).toMatchObject({ reason: 'a hole' });
      const adopted = (await gantry.events('fleet')).length;
      await gantry.writeFleet(JSON.stringify(WITH_PIPELINES, null, 1));
      await gantry.eventually(
        async () => (await gantry.events('fleet')).length > adopted,
        'the fleet file without the window to be in force',
      );
    },
    LIMIT,
  );

  it(
    'a lock binds people and automation alike: overridden by its name, lifted, and the release goes on',
    async () => {
      const holdId = randomUUID();
      const lock = {
        ...{ holdId, rule: { kind: 'lock' }, reason: 'the database moves' },
        scope: { over: 'environment', environment: 'production' },
      };
      expect(await gantry.ask(PlaceHold, PlaceHold.schema.parse(lock))).toMatchObject({
        outcome: 'accepted',
      });
      const evr = nextEvr();
      await gantry.build('shop', evr);
      const id = await of(evr);
      const held = await until(id, 'release.held');
      expect(held.data).toMatchObject({ rule: 'lock' });
      expect(String(held.data['detail'])).toContain('the database moves');
      expect(await environments(id)).toEqual(['certification']);

      await gantry.build('portal', evr);
      const { reply } = await gantry.deploy('portal', evr);
      expect(reply).toMatchObject({ outcome: 'refused', code: 'lock' });
      expect(JSON.stringify(reply)).toContain(`--accept hold:${holdId}`);
      const overriding = await gantry.deploy('portal', evr, { accept: [`hold:${holdId}`] });
      expect(overriding.reply).toMatchObject({ outcome: 'accepted' });
      await gantry.ends(overriding.id, 'succeeded');
      expect(await environments(id)).toEqual(['certification']);

      const lift = { holdId, reason: 'it has moved' };
      await gantry.ask(LiftHold, LiftHold.schema.parse(lift));
      await until(id, 'release.succeeded');
    },
    LIMIT,
  );

  it(
    'what cannot set out is refused with its reason, and nothing changes',
    async () => {
      const before = (await gantry.events('release')).length;
      const start = (more: object) =>
        gantry.ask(
          StartRelease,
          StartRelease.schema.parse({
            ...{
              releaseId: randomUUID(),
              pipeline: 'shop',
              evr: '99.0.0-1',
              skip: [],
              reason: 'x',
            },
            ...more,
          }),
        );
      const refusedBecause = { outcome: 'refused', code: 'not-ready-for-release' };
      expect(await start({})).toMatchObject(refusedBecause);
      expect(await start({ pipeline: 'constructor' })).toMatchObject(refusedBecause);
      expect(await start({ evr: '5.1.0-1', skip: ['moon'] })).toMatchObject(refusedBecause);
      expect(await start({ evr: '5.1.0-1' })).toMatchObject({ code: 'older-release' });
      const unknown = { releaseId: randomUUID(), gate: 'look', verdict: 'pass', reason: 'x' };
      expect(await gantry.ask(AnswerGate, AnswerGate.schema.parse(unknown))).toMatchObject({
        code: 'unknown-release',
      });
      const lift = { name: 'shop', evr: '99.0.0-1', reason: 'x' };
      expect(await gantry.ask(LiftQuarantine, LiftQuarantine.schema.parse(lift))).toMatchObject({
        outcome: 'refused',
      });
      expect((await gantry.events('release')).length).toBe(before);
    },
    LIMIT,
  );

  it(
    'H-080 a build that its repository does not trust goes nowhere by itself, and the release says why',
    async () => {
      const evr = nextEvr();
      const keyId = 'ab7b6aad';
      await gantry.inspected('shop', evr, { signature: { verdict: 'other-key', keyId } });
      const id = await of(evr);
      const { data } = await until(id, 'release.failed');
      expect(data['because']).toMatch(
        /deployment of shop ended refused: shop-5\.\d+\.0-1 is signed by key ab7b6aad, which its repository does not trust/,
      );
      expect(await environments(id)).toEqual(['certification']);
    },
    LIMIT,
  );
});
