import { afterAll, beforeAll, describe, it } from '@jest/globals';
import type { FollowedDeployment } from '../dsl/followed-deployment.js';
import type { Scenario } from '../dsl/scenario.js';

const [FIRST, SECOND, THIRD] = ['web1.lab', 'web2.lab', 'web3.lab'] as const;

/** kill -9 of Gantry's own processes in the middle of a deployment: a process per host's turn. */
export function crashesOfServices({ given, when, then }: Scenario): void {
  describe('services that crash in the middle of a deployment', () => {
    let deployment: FollowedDeployment;

    beforeAll(async () => {
      await given.build('1.5.0');
      await given.customers('1.5.0-1');
      deployment = await when.deploy('1.5.0-1');
    });
    afterAll(() => given.peace());

    it('F-003 goes on after kill -9 of the orchestrator while a host drains', async () => {
      await deployment.until('lb.drain.requested', FIRST);
      await when.crashes('orchestrator');
      await then.hostDone(deployment, FIRST);
      await then.ranOnce(deployment, FIRST);
    });

    it('F-004 goes on after kill -9 of the dispatcher right after it was asked for a run', async () => {
      await deployment.until('puppet.run.requested', SECOND);
      await when.crashes('puppet-dispatcher');
      await then.hostDone(deployment, SECOND);
      await then.ranOnce(deployment, SECOND);
    });

    it('F-008 adopts the Puppet run of a listener that was killed with -9', async () => {
      await deployment.until('deployment.host-run-started', THIRD);
      await when.listenerCrashes(THIRD);
      await then.hostDone(deployment, THIRD);
      await then.ranOnce(deployment, THIRD);
    });

    it('ends it once, with whole proofs, unnoticed by customers', async () => {
      const view = await then.ends(deployment, 'succeeded');
      then.proofsAreWhole(deployment, view);
      await then.everyHostRuns('1.5.0-1');
      await then.noRunHappenedTwice();
      await then.attentionIs();
      then.customersNoticedNothing();
    });
  });

  describe('services that crash while hosts leave and enter service', () => {
    let deployment: FollowedDeployment;

    beforeAll(async () => {
      await given.build('1.6.0');
      await given.customers('1.6.0-1');
      deployment = await when.deploy('1.6.0-1');
    });
    afterAll(() => given.peace());

    it('F-003 goes on after kill -9 of the orchestrator while Puppet runs', async () => {
      await deployment.until('deployment.host-run-started', FIRST);
      await when.crashes('orchestrator');
      await then.hostDone(deployment, FIRST);
      await then.ranOnce(deployment, FIRST);
    });

    it('F-005 goes on after kill -9 of the lb-controller while a host drains', async () => {
      await deployment.until('lb.drain.requested', SECOND);
      await when.crashes('lb-controller');
      await then.hostDone(deployment, SECOND);
    });

    it('F-005 goes on after kill -9 of the lb-controller while a host is put back', async () => {
      await deployment.until('lb.enable.requested', THIRD);
      await when.crashes('lb-controller');
      await then.hostDone(deployment, THIRD);
    });

    it('ends it once, with whole proofs, unnoticed by customers', async () => {
      const view = await then.ends(deployment, 'succeeded');
      then.proofsAreWhole(deployment, view);
      await then.everyHostRuns('1.6.0-1');
      await then.noRunHappenedTwice();
      await then.attentionIs();
      then.customersNoticedNothing();
    });
  });
}
