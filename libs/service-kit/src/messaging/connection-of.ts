import {
  tlsFilesProblem,
  type ConnectionOptions,
  type StompTlsFiles,
} from '@gantry/stomp-transport';
import type { BrokerConfig } from '../config/broker-env.js';
import { GantryError } from '../errors/gantry-error.js';

/** How the configuration says that the broker is reached; refused when nobody could connect like that. */
export function connectionOf(config: BrokerConfig): ConnectionOptions {
  const tlsFiles = filesOf(config);
  const { GANTRY_BROKER_PASSCODE: passcode, GANTRY_BROKER_HEARTBEAT_MS: heartbeatMs } = config;
  const problem = whyNot(config, tlsFiles);
  if (problem !== undefined)
    throw new GantryError('config', 'config.broker', `The broker cannot be reached: ${problem}.`);
  return {
    uris: config.GANTRY_BROKER_URIS,
    login: config.GANTRY_BROKER_LOGIN,
    ...(passcode === undefined ? {} : { passcode }),
    tlsFiles,
    ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
  };
}

function filesOf({
  GANTRY_BROKER_CA: ca,
  GANTRY_BROKER_CERT: cert,
  GANTRY_BROKER_KEY: key,
}: BrokerConfig): StompTlsFiles {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

function whyNot(config: BrokerConfig, files: StompTlsFiles): string | undefined {
  const plain = config.GANTRY_BROKER_URIS.filter((uri) => uri.startsWith('stomp:'));
  if (files.cert === undefined && config.GANTRY_BROKER_PASSCODE === undefined)
    return 'neither GANTRY_BROKER_PASSCODE nor GANTRY_BROKER_CERT is set';
  if (files.cert !== undefined && plain.length > 0)
    return `GANTRY_BROKER_CERT is set, and ${plain.join(', ')} would be reached without TLS: write stomp+ssl`;
  const problem = tlsFilesProblem(files);
  return problem === undefined
    ? undefined
    : `of GANTRY_BROKER_CA, GANTRY_BROKER_CERT and GANTRY_BROKER_KEY, ${problem}`;
}
