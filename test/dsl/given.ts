import type { ShopVariant } from '@gantry/lab';
import { waitUntil } from '@gantry/lab';
import type { System } from './system.js';

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

    /** Customers who put up with these versions and no other. */
    customers(...versions: readonly string[]): void {
      system().customersCome(versions);
    },

    /** The shop is closed to customers. */
    noCustomers: (): Promise<void> => system().customersLeave(),

    /** What somebody saves as the fleet file. */
    fleetFile(text: string): Promise<void> {
      return system().installation.writeFleetFile(text);
    },
  };
}
