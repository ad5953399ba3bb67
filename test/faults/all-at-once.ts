import { describe, expect, it } from '@jest/globals';
import { rowsOf } from '../dsl/database.js';
import { armed, died } from './crash.js';
import type { Stage } from './crash-matrix.js';
import { everythingHolds } from './everything-holds.js';

export const SERVICES = [
  'orchestrator',
  'audit',
  'puppet-dispatcher',
  'lb-controller',
  'build-watcher',
  'gateway',
] as const;
/** Drawn once: after how many events of a deployment of some forty. */
const MOMENTS = [5, 12, 20, 29, 38];
const SLEEP_STEPS = ['lb.drain.requested'] as const;

/** Everything dies together, sleeps, or loses what it stands on. */
export function allAtOnce({ system, words, rollouts }: Stage): void {
  const service = (name: string) => system().installation.service(name);

  describe('all of Gantry, killed at once', () => {
    it.each(MOMENTS)('F-009 every service dies after %i events of a deployment', async (moment) => {
      const deployment = await rollouts.begin();
      await deployment.untilVersion(moment);
      await Promise.all(SERVICES.map((name) => service(name).kill9()));
      await Promise.all(SERVICES.map((name) => service(name).up()));
      await rollouts.finish();
    });

    it('F-009 every service died again and again: everything holds', async () => {
      await everythingHolds(system(), words);
    });
  });

  describe('the build-watcher, killed', () => {
    it.each(['publishing/build.observed', 'published/build.observed'])(
      'F-006 the build-watcher dies at %s: what was published meanwhile is announced, each build once',
      async (at) => {
        await rollouts.finish();
        await service('build-watcher').kill9();
        await armed(service('build-watcher'), at);
        const published = rollouts.publishUnseen();
        await died(service('build-watcher'), at);
        const evr = await published;
        await service('build-watcher').up();
        await rollouts.untilSeen(evr);
        const rows = await rowsOf(
          system(),
          `SELECT stream_id FROM log.event WHERE type = 'build.seen' GROUP BY 1 HAVING count(*) > 1`,
        );
        expect(rows).toEqual([]);
      },
    );
  });

  describe('Postgres, restarted', () => {
    it.each(['lb.drain.requested', 'deployment.host-run-started'])(
      'F-036 Postgres restarts right after %s, and dies at the next host',
      async (step) => {
        const deployment = await rollouts.begin();
        const [first = '', second = ''] = system().certnames;
        await deployment.until(step, first);
        await words.when.postgresRestarts();
        await deployment.until(step, second);
        await words.when.postgresCrashes();
        await rollouts.finish();
        for (const name of SERVICES)
          expect({ name, alive: service(name).alive }).toEqual({ name, alive: true });
        await everythingHolds(system(), words);
      },
    );
  });

  describe('an orchestrator that sleeps', () => {
    it.each(SLEEP_STEPS)(
      'F-012 the orchestrator is stopped after %s, another takes over, and the first wakes up to no effect',
      async (step) => {
        const deployment = await rollouts.begin();
        await deployment.until(step);
        service('orchestrator').signal('SIGSTOP');
        const other = await system().installation.add('orchestrator');
        try {
          await words.then.ends(deployment, 'succeeded');
        } finally {
          service('orchestrator').signal('SIGCONT');
        }
        const next = await rollouts.begin();
        await words.then.ends(next, 'succeeded');
        await other.stop();
        await everythingHolds(system(), words);
      },
    );
  });
}
