import type { GantryClient } from '@gantry/client';
import { fleetYaml } from '@gantry/demo';
import type { ShopVariant } from '@gantry/lab';
import { waitUntil } from '@gantry/lab';
import { FLEET, type System } from './system.js';

/** What is so before anything happens. */
export function given(system: () => System) {
  return {
    /** A build in the repository that Gantry has seen. */
    async build(version: string, variant: ShopVariant = 'normal'): Promise<string> {
      const { lab, client } = system();
      await lab.repository.publish({ version, variant });
      const evr = `${version}-1`;
      await waitUntil(
        async () => (await client.builds({ name: 'shop' })).items.some((b) => b.evr === evr),
        { deadlineMs: 30_000, onTimeout: () => new Error(`build-watcher never saw shop ${evr}`) },
      );
      return evr;
    },

    /** Customers who put up with what runs now and with these versions, and with no other. */
    async customers(...versions: readonly string[]): Promise<void> {
      const { lab } = system();
      const now = await Promise.all(lab.hosts.map((h) => h.installedVersion('shop')));
      system().customersCome([...now.filter((v) => v !== undefined), ...versions]);
    },

    /** The shop is closed, and nothing is under way: a scenario that failed must not take the next ones with it. */
    async peace(): Promise<void> {
      const { client } = system();
      await system().customersLeave();
      for (const { id, status } of (await client.deployments()).items) {
        if (['running', 'paused', 'rolling-back', 'cancelling'].includes(status))
          await calm(client, id);
      }
    },

    /** Somebody saves a fleet file that names a pool nobody declared. */
    brokenFleetFile(): Promise<void> {
      const { installation, lab } = system();
      const good = fleetYaml(lab, FLEET);
      return installation.writeFleetFile(good.replace('pools: [shop]', 'pools: [shopp]'));
    },

    goodFleetFile(): Promise<void> {
      const { installation, lab } = system();
      return installation.writeFleetFile(fleetYaml(lab, FLEET));
    },

    /** One more process of a service; the second is known as NAME-2. */
    async anotherReplica(name: 'orchestrator'): Promise<void> {
      await system().installation.add(name);
    },
  };
}

async function calm(client: GantryClient, id: string): Promise<void> {
  const ended = async () => (await client.deployment(id)).endedAt !== null;
  for (const action of ['cancel', 'rollback'] as const)
    await client.actOnDeployment(id, action, 'its scenario is over').catch(() => undefined);
  await waitUntil(ended, {
    deadlineMs: 120_000,
    onTimeout: async () =>
      new Error(`does not end: ${JSON.stringify(await client.deployment(id), null, 1)}`),
  });
}
