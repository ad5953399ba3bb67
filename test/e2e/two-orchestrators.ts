import { afterAll, beforeAll, describe, it } from '@jest/globals';
import type { FollowedDeployment } from '../dsl/followed-deployment.js';
import type { Scenario } from '../dsl/scenario.js';

const [FIRST, SECOND, THIRD] = ['web1.lab', 'web2.lab', 'web3.lab'] as const;

/** Two replicas of the orchestrator, and one of them dies for good. */
export function twoOrchestrators({ given, when, then }: Scenario): void {
  describe('two orchestrators', () => {
    let deployment: FollowedDeployment;

    beforeAll(async () => {
      await given.build('1.8.0');
      await given.anotherReplica('orchestrator');
      await given.customers('1.8.0-1');
      deployment = await when.deploy('1.8.0-1');
    });
    afterAll(() => given.peace());

    it('F-102 share one deployment: no host is turned twice', async () => {
      await then.hostDone(deployment, FIRST);
      await then.ranOnce(deployment, FIRST);
    });

    it('go on as one when the other is killed with -9 and stays away', async () => {
      await deployment.until('puppet.run.requested', SECOND);
      await when.killed('orchestrator');
      await then.hostDone(deployment, SECOND);
    });

    it('F-009 go on when all of Gantry is killed at the same moment', async () => {
      await deployment.until('deployment.host-run-started', THIRD);
      await when.allCrash('orchestrator-2', 'puppet-dispatcher', 'lb-controller', 'audit');
      await then.hostDone(deployment, THIRD);
      await then.ranOnce(deployment, THIRD);
    });

    it('end it once, with whole proofs, unnoticed by customers', async () => {
      const view = await then.ends(deployment, 'succeeded');
      then.proofsAreWhole(deployment, view);
      await then.everyHostRuns('1.8.0-1');
      await then.noRunHappenedTwice();
      await then.attentionIs();
      then.customersNoticedNothing();
      await then.everyDeploymentEndedOnce();
    });
  });
}
