import { describe, expect, it } from '@jest/globals';
import { SHOP_POOL, waitUntil } from '@gantry/lab';
import { rowsOf } from '../dsl/database.js';
import { notedRuns } from '../dsl/puppet-runs.js';
import type { Stage } from './crash-matrix.js';
import { everythingHolds } from './everything-holds.js';

const within = (ms: number, what: string) => ({
  deadlineMs: ms,
  onTimeout: () => new Error(`not within ${ms / 1_000} s: ${what}`),
});

/** Something that Gantry stands on, or a part of it, is away for a while. */
export function partsAway({ system, words, rollouts }: Stage): void {
  const service = (name: string) => system().installation.service(name);
  const failing = async (name: string): Promise<readonly string[]> => {
    const { services } = await system().client.status();
    return services.filter((s) => s.service === name).flatMap((s) => s.failing.map((f) => f.check));
  };
  /** The service tells of itself once more. */
  const anotherWord = async (name: string): Promise<void> => {
    const ageMs = async () =>
      (await system().client.status()).services.find((s) => s.service === name)?.ageMs ?? 0;
    let before = await ageMs();
    await waitUntil(
      async () => {
        const now = await ageMs();
        const younger = now < before;
        before = now;
        return younger;
      },
      within(20_000, `another word of ${name}`),
    );
  };
  /** Every Puppet run, and every member that is out, as Puppet and HAProxy know them. */
  const effects = async (): Promise<unknown> => {
    const { lab } = system();
    const members = await lab.haproxy.members(SHOP_POOL);
    return {
      runs: await Promise.all(lab.hosts.map(notedRuns)),
      out: members.filter((m) => !m.inService).map((m) => m.name),
    };
  };
  /** What the log says of an attention item: the read models may be away. */
  const toldOf = async (key: string): Promise<readonly string[]> => {
    const rows = await rowsOf<{ type: string }>(
      system(),
      `SELECT type FROM log.event WHERE stream_type = 'attention' AND stream_id = $1 ORDER BY stream_version`,
      [key],
    );
    return rows.map(({ type }) => type);
  };

  describe('parts of Gantry, away', () => {
    it('F-039 Postgres is down in the middle of a deployment: no new effect without an intent, the status says why, and it goes on by itself', async () => {
      const deployment = await rollouts.begin();
      const [, second = ''] = system().certnames;
      await deployment.until('lb.drain.requested', second);
      await system().lab.postgres.down();
      try {
        await waitUntil(
          async () => (await failing('orchestrator')).includes('database'),
          within(30_000, 'the status tells that the orchestrator has no database'),
        );
        // What was commanded before may still end.
        await anotherWord('orchestrator');
        const settled = await effects();
        for (let words = 0; words < 2; words++) await anotherWord('orchestrator');
        expect(await effects()).toEqual(settled);
      } finally {
        await system().lab.postgres.up();
      }
      await rollouts.finish();
      await everythingHolds(system(), words);
    });

    it('F-007 audit is away: the deployment goes on, an item says so within a minute, and is closed when it is back', async () => {
      const deployment = await rollouts.begin();
      await deployment.until('lb.drain.requested');
      await service('audit').kill9();
      await waitUntil(
        async () => (await toldOf('service.silent.audit')).join() === 'attention.opened',
        within(60_000, 'an item says that nothing is heard of audit'),
      );
      await service('audit').up();
      await words.then.ends(deployment, 'succeeded');
      await waitUntil(
        async () => (await toldOf('service.silent.audit')).at(-1) === 'attention.closed',
        within(30_000, 'the item is closed'),
      );
      await everythingHolds(system(), words);
    });
  });
}
