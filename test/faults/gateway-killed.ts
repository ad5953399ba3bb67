import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { GantryClient } from '@gantry/client';
import { FollowedDeployment } from '../dsl/followed-deployment.js';
import { armed, died } from './crash.js';
import type { Stage } from './crash-matrix.js';
import { everythingHolds } from './everything-holds.js';

const WATCHERS = 20;

/** kill -9 of the gateway: under a request, and under those who follow a deployment. */
export function gatewayKilled({ system, words, rollouts }: Stage): void {
  const gateway = () => system().installation.service('gateway');
  const request = (evr: string) => ({
    application: 'shop',
    environment: 'production',
    evr,
    reason: 'a fault case',
  });
  const deploymentsOf = async (evr: string): Promise<readonly string[]> =>
    (await system().client.deployments()).items.filter((d) => d.evr === evr).map((d) => d.id);

  describe('the gateway, killed', () => {
    it.each([
      ['before it asks the orchestrator', 'asking/deployment.request'],
      ['after the answer, before its caller has it', 'answered/deployment.request'],
    ])(
      'F-001 the gateway dies %s: asked again under the same key, one deployment',
      async (_, at) => {
        await rollouts.finish();
        const evr = await rollouts.nextBuild();
        const key = { idempotencyKey: randomUUID() };
        await gateway().kill9();
        await armed(gateway(), at);
        const impatient = new GantryClient({ baseUrl: system().installation.url, attempts: 1 });
        await expect(impatient.requestDeployment(request(evr), key)).rejects.toThrow();
        await died(gateway(), at);
        await gateway().up();
        const answers = [
          await system().client.requestDeployment(request(evr), key),
          await system().client.requestDeployment(request(evr), key),
        ];
        const { id } = answers[0]!;
        expect(answers.map((a) => a.id)).toEqual([id, id]);
        rollouts.adopt(id!);
        await rollouts.finish();
        expect(await deploymentsOf(evr)).toEqual([id]);
      },
    );

    it(`F-002 the gateway dies three times while ${WATCHERS} people follow: none misses a line or reads one twice`, async () => {
      const { id } = await rollouts.begin();
      const watchers = Array.from(
        { length: WATCHERS },
        () => new FollowedDeployment(id, system().client),
      );
      for (const host of system().certnames) {
        await watchers[0]!.until('puppet.run.requested', host);
        await gateway().kill9();
        await gateway().up();
      }
      await rollouts.finish();
      await Promise.all(watchers.map((w) => w.untilSeen()));
      const lines = watchers.map((w) => w.events.map((e) => e.version));
      await Promise.all(watchers.map((w) => w.stop()));
      const whole = lines[0]!.map((_, n) => n + 1);
      for (const line of lines) expect(line).toEqual(whole);
      await everythingHolds(system(), words);
    });
  });
}
