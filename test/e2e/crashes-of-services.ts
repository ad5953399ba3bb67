import { afterAll, beforeAll, describe, it } from '@jest/globals';
import type { FollowedDeployment } from '../dsl/followed-deployment.js';
import type { Scenario } from '../dsl/scenario.js';

const [FIRST, SECOND, THIRD] = ['web1.lab', 'web2.lab', 'web3.lab'] as const;

/** kill -9 of Gantry's own processes in the middle of a deployment: one per host's turn. */
export function crashesOfServices({ given, when, then }: Scenario): void {
  describe('services that crash in the middle of a deployment', () => {
    let deployment: FollowedDeployment;

    beforeAll(async () => {
      await given.build('1.3.0');
      given.customers('1.1.0-1', '1.3.0-1');
      deployment = await when.deploy('1.3.0-1');
    });
    afterAll(() => given.noCustomers());

    it('goes on after kill -9 of the orchestrator while a host drains', async () => {
      await deployment.until('lb.drain.requested', FIRST);
      await when.crashes('orchestrator');
      await then.hostDone(deployment, FIRST);
      await then.ranOnce(deployment, FIRST);
    });

    it('goes on after kill -9 of the dispatcher right after it was asked for a run', async () => {
      await deployment.until('puppet.run.requested', SECOND);
      await when.crashes('puppet-dispatcher');
      await then.hostDone(deployment, SECOND);
      await then.ranOnce(deployment, SECOND);
    });

    it('adopts the Puppet run of a listener that was killed with -9', async () => {
      await deployment.until('deployment.host-run-started', THIRD);
      await when.listenerCrashes(THIRD);
      await then.hostDone(deployment, THIRD);
      await then.ranOnce(deployment, THIRD);
    });

    it('ends it once, with whole proofs, unnoticed by customers', async () => {
      const view = await then.ends(deployment, 'succeeded');
      then.proofsAreWhole(deployment, view);
      await then.everyHostRuns('1.3.0-1');
      await then.noRunHappenedTwice();
      await then.attentionIs();
      then.customersNoticedNothing();
    });
  });
}
