import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { travel } from '@gantry/demo';
import type { Scenario } from '../dsl/scenario.js';
import type { System } from '../dsl/system.js';

const BUILDS = { good: '2.0.0', deadButton: '2.1.0' };

/** Builds go from the repository to production by themselves, or stop where they failed. */
export function pipeline(system: () => System, { given, then }: Scenario): void {
  describe('a pipeline of certification, staging and production', () => {
    let releases: Awaited<ReturnType<typeof travel>>;

    beforeAll(async () => {
      await given.customers(`${BUILDS.good}-1`);
      releases = await travel(system().installation, system().traffic, BUILDS);
    }, 600_000);
    afterAll(() => given.peace());

    it('a build that shows all it must is in production, and nobody did anything', async () => {
      const [good] = releases;
      expect(good).toMatchObject({
        build: `shop-${BUILDS.good}-1`,
        state: 'succeeded',
        stages: [
          {
            environment: 'certification',
            state: 'passed',
            gates: [
              { gate: 'unit-tests', verdict: 'pass' },
              { gate: 'answers-in-certification', verdict: 'pass' },
              { gate: 'selenium-in-certification', verdict: 'pass' },
            ],
          },
          { environment: 'staging', state: 'passed' },
          { environment: 'production', state: 'passed' },
        ],
      });
      const { clock, publishedToSeenMs, publishedToProductionMs, machineMs } = good!;
      const { waitingMs, approvalMs, gatesMs, soakMs, deployingMs } = clock!;
      expect(waitingMs + approvalMs! + gatesMs + soakMs + deployingMs).toBe(
        publishedToProductionMs - publishedToSeenMs,
      );
      for (const ms of [clock!.puppetMs, clock!.drainMs, gatesMs, machineMs])
        expect(ms).toBeGreaterThan(0);
      const { lab } = system();
      for (const host of [...lab.hosts, lab.apart[1]!])
        expect(await host.installedVersion('shop')).toBe(`${BUILDS.good}-1`);
    });

    it('a build whose browser test fails stops in certification, with its screenshots and its reason', async () => {
      const [, dead] = releases;
      const [certification, ...rest] = dead!.stages;
      expect(dead).toMatchObject({ build: `shop-${BUILDS.deadButton}-1`, state: 'failed' });
      expect(certification).toMatchObject({ environment: 'certification', state: 'failed' });
      expect(certification?.screenshots.length).toBeGreaterThan(0);
      expect(rest.every((stage) => stage.state !== 'passed')).toBe(true);
      const { items } = await system().client.why('shop', `${BUILDS.deadButton}-1`);
      const production = items.find((line) => line.environment === 'production');
      expect(production?.detail).toContain('selenium-in-certification');
    });

    it('customers noticed nothing of either', async () => {
      then.customersNoticedNothing();
      await then.noRunHappenedTwice();
      await then.everyDeploymentEndedOnce();
    });
  });
}
