import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FollowedDeployment } from '../dsl/followed-deployment.js';
import type { Scenario } from '../dsl/scenario.js';

const [FIRST, SECOND, THIRD] = ['web1.lab', 'web2.lab', 'web3.lab'] as const;

/** What Gantry stands on goes away for a moment, in the middle of a deployment: one thing per host's turn. */
export function infrastructureRestarts({ given, when, then }: Scenario): void {
  describe('infrastructure that restarts in the middle of a deployment', () => {
    let deployment: FollowedDeployment;

    beforeAll(async () => {
      await given.build('1.7.0');
      await given.customers('1.7.0-1');
      deployment = await when.deploy('1.7.0-1');
    });
    afterAll(() => given.peace());

    it('F-016 goes on after a restart of the broker while Puppet runs', async () => {
      await deployment.until('deployment.host-run-started', FIRST);
      await when.brokerRestarts();
      await then.hostDone(deployment, FIRST);
      await then.ranOnce(deployment, FIRST);
    });

    it('F-036 goes on after a restart of Postgres while Puppet runs', async () => {
      await deployment.until('deployment.host-run-started', SECOND);
      await when.postgresRestarts();
      await then.hostDone(deployment, SECOND);
      await then.ranOnce(deployment, SECOND);
    });

    it('F-079 takes a host out again when HAProxy reloads and forgets it, while Puppet runs', async () => {
      await deployment.until('deployment.host-run-started', THIRD);
      await then.isOutOfService(THIRD);
      await when.haproxyReloads();
      await then.isOutOfService(THIRD, 5_000);
      await then.hostDone(deployment, THIRD);
    });

    it('ends it once, with whole proofs, unnoticed by customers', async () => {
      const view = await then.ends(deployment, 'succeeded');
      then.proofsAreWhole(deployment, view);
      await then.everyHostRuns('1.7.0-1');
      await then.noRunHappenedTwice();
      await then.attentionIs();
      then.customersNoticedNothing();
    });
  });

  describe('infrastructure that breaks in the middle of a deployment', () => {
    let deployment: FollowedDeployment;

    beforeAll(async () => {
      await given.build('1.7.1');
      await given.customers('1.7.1-1');
      deployment = await when.deploy('1.7.1-1');
    });
    afterAll(() => given.peace());

    it('F-018 H-046 goes on from its log when the broker loses every message', async () => {
      await deployment.until('puppet.run.requested', FIRST);
      await when.brokerLosesItsStore();
      await then.hostDone(deployment, FIRST);
      await then.ranOnce(deployment, FIRST);
    });

    it('F-036 goes on after kill -9 of Postgres while a host drains', async () => {
      await deployment.until('lb.drain.requested', SECOND);
      await when.postgresCrashes();
      await then.hostDone(deployment, SECOND);
      await then.ranOnce(deployment, SECOND);
    });

    it('F-058 runs Puppet once more, under another id, on a host whose power failed', async () => {
      await deployment.until('deployment.host-run-started', THIRD);
      await when.powerFails(THIRD);
      await then.hostDone(deployment, THIRD);
      expect(deployment.of('puppet.run.requested', THIRD)).toHaveLength(2);
    });

    it('ends it once, with whole proofs, unnoticed by customers', async () => {
      const view = await then.ends(deployment, 'succeeded');
      then.proofsAreWhole(deployment, view);
      await then.everyHostRuns('1.7.1-1');
      await then.noRunHappenedTwice();
      await then.attentionIs();
      then.customersNoticedNothing();
    });
  });
}
