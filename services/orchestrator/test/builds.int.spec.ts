import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PackageName, ResumeDeployment, RollbackDeployment } from '@gantry/contracts';
import { FLEET, Installation } from './installation.js';

const LIMIT = 120_000;

const KEY = '91c93c98b413cf7a';

/** The shop's package may replace this one. */
const fleetThatLists = (name: string) => {
  const { shop } = FLEET.applications;
  const packages = shop.packages.map((one) => ({ ...one, mayReplace: [name] }));
  return { ...FLEET, applications: { ...FLEET.applications, shop: { ...shop, packages } } };
};

describe('builds, and what becomes of them and of what is in them', () => {
  let gantry: Installation;

  beforeAll(async () => {
    gantry = await Installation.start();
    await gantry.orchestrator();
    await gantry.eventually(async () => (await gantry.events('fleet')).length > 0, 'a fleet');
  }, LIMIT);
  afterAll(() => gantry.stop(), LIMIT);

  it(
    'F-088 the deployment of one stops before its next host leaves service, and can be rolled back',
    async () => {
      await gantry.build('shop', '2.0.0-1');
      gantry.fleet.lost.add('puppet.publish.requested');
      const { id } = await gantry.deploy('shop', '2.0.0-1');
      await gantry.eventually(
        async () =>
          (await gantry.events('deployment', id)).some(
            (e) => e.type === 'puppet.publish.requested',
          ),
        'the first host to be out',
      );
      await gantry.buildGone('shop', '2.0.0-1');
      const paused = async () =>
        (await gantry.events('deployment', id)).find((e) => e.type === 'deployment.paused');
      await gantry.eventually(async () => (await paused()) !== undefined, 'the deployment to stop');
      expect((await paused())?.data).toMatchObject({ because: 'build-gone' });
      gantry.fleet.lost.clear();
      const refused = await gantry.deploy('portal', '2.0.0-1');
      expect(refused.reply).toMatchObject({ outcome: 'refused' });
      const back = RollbackDeployment.schema.parse({ deploymentId: id, reason: 'it is gone' });
      expect((await gantry.ask(RollbackDeployment, back)).outcome).toBe('accepted');
      await gantry.ends(id, 'rolled-back');
      expect(gantry.fleet.outOfService).toEqual([]);
    },
    LIMIT,
  );

  it(
    'F-088 it goes on when the same RPM is there again and a person resumes it; whoever asks knows from which version on',
    async () => {
      await gantry.build('shop', '2.0.1-1');
      gantry.fleet.lost.add('puppet.publish.requested');
      const { id } = await gantry.deploy('shop', '2.0.1-1');
      const types = async () => (await gantry.events('deployment', id)).map((e) => e.type);
      const happens = (type: string) =>
        gantry.eventually(async () => (await types()).includes(type), type);
      await happens('puppet.publish.requested');
      await gantry.buildGone('shop', '2.0.1-1');
      await happens('deployment.paused');
      await gantry.buildBack('shop', '2.0.1-1');
      gantry.fleet.lost.clear();
      const resume = ResumeDeployment.schema.parse({ deploymentId: id, reason: 'it is back' });
      const reply = await gantry.ask(ResumeDeployment, resume);
      const at = (await types()).indexOf('deployment.resumed') + 1;
      expect(reply).toMatchObject({ outcome: 'accepted', version: expect.any(Number) });
      expect(reply.outcome === 'accepted' && reply.version).toBeGreaterThanOrEqual(at);
      await gantry.ends(id, 'succeeded');
    },
    LIMIT,
  );

  it(
    'F-093 what hosts would go back to is gone: the plan says so and stops, unless that is accepted',
    async () => {
      await gantry.build('shop', '2.1.0-1');
      const first = await gantry.deploy('shop', '2.1.0-1');
      await gantry.ends(first.id, 'succeeded');
      await gantry.build('shop', '2.2.0-1');
      await gantry.buildGone('shop', '2.1.0-1');
      const { id } = await gantry.deploy('shop', '2.2.0-1');
      await gantry.ends(id, 'refused');
      const [refusal] = (await gantry.events('deployment', id)).filter(
        (e) => e.type === 'deployment.refused',
      );
      expect(refusal?.data['findings']).toMatchObject(
        Array.from({ length: 4 }, () => ({ code: 'no-way-back', severity: 'confirm' })),
      );
      const accepted = await gantry.deploy('shop', '2.2.0-1', { accept: ['no-way-back'] });
      await gantry.ends(accepted.id, 'succeeded');
      const gone = await gantry.deploy('shop', '2.1.0-1');
      expect(gone.reply).toMatchObject({ outcome: 'refused', code: 'build-gone' });
    },
    LIMIT,
  );

  it(
    'H-080 H-083 H-086 what is in a package stops its deployment, by what is known when it is asked for',
    async () => {
      const [evr, name] = ['3.0.0-1', PackageName.parse('portal')];
      const refusal = async (accept: readonly string[] = []) => {
        const { id } = await gantry.deploy('shop', evr, { accept });
        await gantry.ends(id, 'refused');
        const ended = (await gantry.events('deployment', id)).at(-1);
        const findings = ended?.data['findings'] as { severity: string; code: string }[];
        return findings.map(({ severity, code }) => `${severity} ${code}`);
      };
      const signature = { verdict: 'verified', keyId: KEY } as const;
      await gantry.inspected('shop', evr, { signature: { verdict: 'unsigned' } });
      expect(await refusal(['package-not-trusted'])).toEqual(['block package-not-trusted']);
      await gantry.inspected('shop', evr, { signature, obsoletes: [name] });
      expect(await refusal(['package-replaces'])).toEqual(['block package-replaces']);
      const scripts = { kinds: ['post' as const], reaches: ['reboot'] };
      await gantry.inspected('shop', evr, { signature, scripts });
      expect(await refusal()).toEqual(['info package-scripts', 'confirm package-scripts-reach']);
      await gantry.inspected('shop', evr, { signature, obsoletes: [name], scripts });
      const adopted = (await gantry.events('fleet')).length;
      await gantry.writeFleet(JSON.stringify(fleetThatLists(name)));
      await gantry.eventually(
        async () => (await gantry.events('fleet')).length > adopted,
        'a fleet that lists it',
      );
      const accepted = await gantry.deploy('shop', evr, { accept: ['package-scripts-reach'] });
      await gantry.ends(accepted.id, 'succeeded');
      const events = await gantry.events('deployment', accepted.id);
      const planned = events.find((e) => e.type === 'deployment.planned')?.data['plan'];
      expect(planned).toMatchObject({
        findings: [
          { severity: 'info', code: 'package-replaces' },
          { severity: 'info', code: 'package-scripts' },
          { severity: 'confirm', code: 'package-scripts-reach' },
        ],
      });
    },
    LIMIT,
  );

  it(
    'set out on every pipeline that releases them, though one word tells of it; what was there before a pipeline does not',
    async () => {
      const way = (name: string) => ({
        applications: [name],
        stages: [{ environment: 'production' }],
      });
      const pipelines = { one: way('shop'), two: way('portal') };
      const adopted = (await gantry.events('fleet')).length;
      const { shop, portal } = FLEET.applications;
      const applications = { shop, portal: { ...portal, packages: shop.packages } };
      await gantry.writeFleet(JSON.stringify({ ...FLEET, applications, pipelines }));
      await gantry.eventually(
        async () => (await gantry.events('fleet')).length > adopted,
        'pipelines',
      );
      expect((await gantry.events('fleet')).at(-1)?.type).toBe('fleet.adopted');
      await gantry.build('shop', '2.0.0-1');
      await gantry.build('shop', '9.0.0-1');
      const setOut = async () =>
        (await gantry.events('release'))
          .filter((e) => e.type === 'release.created')
          .map((e) => `${String(e.data['pipeline'])} ${String(e.data['evr'])}`);
      await gantry.eventually(async () => (await setOut()).length > 1, 'both to set out');
      expect([...(await setOut())].sort()).toEqual(['one 9.0.0-1', 'two 9.0.0-1']);
    },
    LIMIT,
  );
});
