import { expect } from '@jest/globals';
import type { DeploymentView } from '@gantry/contracts';
import { SHOP_POOL, waitUntil } from '@gantry/lab';
import { rowsOf } from './database.js';
import type { FollowedDeployment } from './followed-deployment.js';
import { notedRuns } from './puppet-runs.js';
import { MIN_IN_SERVICE, type System } from './system.js';

const within = (ms: number, what: string) => ({
  deadlineMs: ms,
  onTimeout: () => new Error(`not within ${ms / 1_000} s: ${what}`),
});

/** What must be so, by the word of the world: RPM databases, HAProxy, Puppet, the customers; and by Gantry's own. */
export function then(system: () => System) {
  const count = async (where: string): Promise<number> => {
    const rows = await rowsOf<{ n: number }>(
      system(),
      `SELECT count(*)::int AS n FROM log.event WHERE ${where}`,
    );
    return rows[0]?.n ?? 0;
  };
  return {
    /** The deployment has ended, once and in this way, and its stream ends with that. */
    async ends(deployment: FollowedDeployment, status: string): Promise<DeploymentView> {
      await waitUntil(() => deployment.endings.length > 0, {
        ...within(240_000, `the end of ${deployment.id}`),
        onTimeout: async () =>
          new Error(JSON.stringify(await system().client.deployment(deployment.id), null, 1)),
      });
      const view = await deployment.untilStatus(status);
      expect(deployment.endings).toEqual([`deployment.${status}`]);
      expect(deployment.events.at(-1)?.type).toBe(`deployment.${status}`);
      return view;
    },

    /** The host's turn is over and its chain of proof is whole. */
    async hostDone(deployment: FollowedDeployment, host: string): Promise<void> {
      await deployment.until('deployment.host-done', host);
      expect(deployment.of('deployment.host-failed', host)).toEqual([]);
    },

    /** Every host has what the RPM database says, is up in HAProxy, and Gantry says the same. */
    async everyHostRuns(evr: string): Promise<void> {
      const { lab, client } = system();
      const installed = await Promise.all(lab.hosts.map((h) => h.installedVersion('shop')));
      expect(installed).toEqual(lab.hosts.map(() => evr));
      await lab.haproxy.waitForInService(SHOP_POOL, lab.hosts.length);
      const { items } = await client.running();
      expect(items.flatMap((row) => row.versions.map((v) => v.evr))).toEqual([evr]);
    },

    /** Still so: one ending each, and nothing after it. */
    async everyDeploymentEndedOnce(): Promise<void> {
      for (const { id, endings, events } of await system().followAll()) {
        expect({ id, endings: endings.length }).toEqual({ id, endings: 1 });
        expect({ id, last: events.at(-1)?.type }).toEqual({ id, last: endings[0] });
      }
    },

    /** Each host's receipt is complete, and Puppet's report in it is of the run we asked for. */
    proofsAreWhole(deployment: FollowedDeployment, view: DeploymentView): void {
      for (const { host, status, proof } of view.progress) {
        expect({ host, status, proof: proof !== null }).toEqual({
          host,
          status: 'done',
          proof: true,
        });
        expect(proof?.drained).not.toBeNull();
        expect(proof?.inService).not.toBeNull();
        expect(proof?.healthy.goodInRow).toBeGreaterThanOrEqual(3);
        const asked = deployment.of('puppet.run.requested', host).map((e) => e.data['requestId']);
        expect(asked).toContain(proof?.puppetReport.jobId);
      }
    },

    /** By Puppet's own word: no command id ran twice, and none ran that the log does not know. */
    async noRunHappenedTwice(): Promise<void> {
      const { lab, askedElsewhere } = system();
      const asked = new Set<unknown>([
        ...(await system().followAll()).flatMap((d) =>
          d.of('puppet.run.requested').map((e) => e.data['requestId']),
        ),
        ...askedElsewhere,
      ]);
      for (const host of lab.hosts) {
        const runs = await notedRuns(host);
        expect(runs).toEqual([...new Set(runs)]);
        expect(runs.filter((id) => !asked.has(id))).toEqual([]);
      }
    },

    /** One run, and one only, was needed for the host. */
    async ranOnce(deployment: FollowedDeployment, host: string): Promise<void> {
      const asked = new Set(
        deployment.of('puppet.run.requested', host).map((e) => e.data['requestId']),
      );
      const noted = await notedRuns(system().lab.host(host));
      expect(noted.filter((id) => asked.has(id))).toHaveLength(1);
    },

    /** HAProxy shows the host taken out. */
    async isOutOfService(host: string, ms = 10_000): Promise<void> {
      const { lab } = system();
      const name = lab.host(host).name;
      await waitUntil(
        async () =>
          (await lab.haproxy.members(SHOP_POOL)).some((m) => m.name === name && !m.inService),
        within(ms, `${host} out of service`),
      );
    },

    /** What a person must look at, by kind. */
    async attentionIs(...kinds: readonly string[]): Promise<void> {
      const kindsNow = async () =>
        (await system().client.attention()).items.map((i) => i.kind).sort();
      await waitUntil(
        async () => (await kindsNow()).join() === [...kinds].sort().join(),
        within(10_000, `attention ${kinds.join() || 'nothing'}`),
      ).catch(async () => expect(await kindsNow()).toEqual([...kinds].sort()));
    },

    /** An open item says so, in its detail. */
    async attentionSays(what: RegExp): Promise<void> {
      const { items } = await system().client.attention();
      expect(items.map((i) => i.detail).join('\n')).toMatch(what);
    },

    /** HAProxy sends customers to every host. */
    async everyHostIsInService(): Promise<void> {
      const { lab } = system();
      await lab.haproxy.waitForInService(SHOP_POOL, lab.hosts.length);
    },

    /** Whatever is done meanwhile leaves no trace in the log. */
    async nothingChanges(meanwhile: () => Promise<void>, refusals = 0): Promise<void> {
      const { client } = system();
      const state = async () => ({
        events: await count(`stream_type <> 'access'`),
        deployments: (await client.deployments()).items.map((d) => d.id),
        attention: (await client.attention()).items.map((i) => i.key),
      });
      const onRecord = () => count(`type = 'access.refused'`);
      const [before, refusedBefore] = [await state(), await onRecord()];
      await meanwhile();
      await waitUntil(
        async () => (await onRecord()) >= refusedBefore + refusals,
        within(10_000, `${refusals} refusals on record`),
      );
      expect(await state()).toEqual(before);
    },

    /** The customers got right answers and nothing else, and enough members served them at every moment. */
    customersNoticedNothing(): void {
      const { requests, failed, wrong, problems } = system().traffic.report();
      expect({ failed, wrong, problems }).toEqual({ failed: 0, wrong: 0, problems: [] });
      expect(requests).toBeGreaterThan(0);
      expect(system().lowestInService).toBeGreaterThanOrEqual(MIN_IN_SERVICE);
    },
  };
}
