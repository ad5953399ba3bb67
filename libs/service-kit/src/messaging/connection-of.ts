import type { ConnectionOptions } from '@gantry/stomp-transport';
import type { BrokerConfig } from '../config/broker-env.js';

/** How the configuration says that the broker is reached. */
export function connectionOf(config: BrokerConfig): ConnectionOptions {
  const { GANTRY_BROKER_CA: ca, GANTRY_BROKER_CERT: cert, GANTRY_BROKER_KEY: key } = config;
  return {
    uris: config.GANTRY_BROKER_URIS,
    login: config.GANTRY_BROKER_LOGIN,
    passcode: config.GANTRY_BROKER_PASSCODE,
    tls: {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    },
  };
}
