import { beforeAll, describe, expect, it } from '@jest/globals';
import { play, type Summary } from '@gantry/demo';
import type { Scenario } from '../dsl/scenario.js';
import { APART, HOSTS, MIN_IN_SERVICE, type System } from '../dsl/system.js';

/** The demo's own story: what it says of itself is held against the fleet. */
export function mainJob(system: () => System, { then }: Scenario): void {
  describe('the main job, as the demo plays it', () => {
    let summary: Summary;

    beforeAll(async () => {
      summary = await play(system().installation, 0);
      for (const { id } of summary.deployments) system().follow(id);
    }, 600_000);

    it('ships a build to every host, canary first, with a whole chain of proof each', async () => {
      const [first] = summary.deployments;
      expect(first).toMatchObject({ build: 'shop-1.1.0-1', state: 'succeeded' });
      const deployment = system().follow(first!.id);
      const view = await then.ends(deployment, 'succeeded');
      then.proofsAreWhole(deployment, view);
      expect(first?.hosts.map(({ host, from, to }) => ({ host, from, to }))).toEqual(
        system().certnames.map((host) => ({ host, from: '1.0.0-1', to: '1.1.0-1' })),
      );
      for (const { host, proof } of first?.hosts ?? [])
        expect({ host, proof }).toMatchObject({
          proof: {
            puppetReport: { status: 'changed' },
            installedNevra: 'shop-1.1.0-1.noarch',
            healthy: true,
            inService: true,
          },
        });
    });

    it('stops a broken build at its canary, and brings the canary back', async () => {
      const [, second] = summary.deployments;
      expect(second).toMatchObject({ build: 'shop-1.2.0-1', state: 'rolled-back' });
      const deployment = system().follow(second!.id);
      await then.ends(deployment, 'rolled-back');
      const touched = deployment.of('deployment.host-reserved').map((e) => e.data['host']);
      expect(new Set(touched)).toEqual(new Set([system().certnames[0]]));
      expect(deployment.of('deployment.paused')).toHaveLength(1);
    });

    it('leaves every host at the good build, in service, with nothing for a person to do', async () => {
      await then.everyHostRuns('1.1.0-1');
      await then.attentionIs();
      await then.noRunHappenedTwice();
    });

    it('is noticed by no customer, and says so', () => {
      expect(summary).toMatchObject({ ok: true, traffic: { failed: 0, wrong: 0 } });
      expect(summary.traffic.requests).toBeGreaterThan(0);
      expect(summary.minInServiceSeen).toBeGreaterThanOrEqual(MIN_IN_SERVICE);
      expect(Object.keys(summary.installed)).toHaveLength(HOSTS + APART.length);
      for (const { machineShareMsPerHost, durationMs } of summary.deployments) {
        expect(machineShareMsPerHost.p50).toBeGreaterThan(0);
        expect(durationMs).toBeGreaterThan(machineShareMsPerHost.p95);
      }
    });
  });
}
