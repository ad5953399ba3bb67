import { startBroker, startPostgres, type Broker, type Postgres } from '@gantry/lab';
import type { InfraProvider } from './infra-provider.js';
import type { ServerControl } from './test-server.js';

/** Debian's programs, started privately on free ports of loopback. */
export const processes: InfraProvider = {
  startPostgres: async () => {
    const postgres = await startPostgres();
    return { adminUrl: postgres.url(), ...controlOf(postgres) };
  },
  startBroker: async () => {
    const broker = await startBroker();
    return {
      uri: broker.uri(),
      credentials: (principal) => broker.credentials(principal),
      ...controlOf(broker),
    };
  },
};

function controlOf(server: Postgres | Broker): ServerControl {
  return {
    shared: false,
    down: () => server.kill9(),
    up: () => server.up(),
    stop: () => server.stop(),
  };
}
