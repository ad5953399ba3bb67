import { chooseInfra } from './choose-infra.js';
import { externalInfra } from './external.provider.js';
import type { InfraProvider } from './infra-provider.js';
import { machineProbes } from './machine-probes.js';
import { processes } from './processes.provider.js';

/** The provider for this run: GANTRY_TEST_INFRA, or what works on this machine. */
export async function loadProvider(): Promise<InfraProvider> {
  const name = await chooseInfra(process.env['GANTRY_TEST_INFRA'], machineProbes);
  switch (name) {
    case 'processes':
      return processes;
    case 'external':
      return externalInfra(process.env);
    case 'containers':
      // Testcontainers takes a second to load: only for those who use it.
      return (await import('./containers.provider.js')).containers;
  }
}
