import type { BrokerCredentials } from './broker-access.js';

/** The settings by which a process of Gantry reaches a broker as somebody. */
export function brokerEnvironment(
  uri: string,
  { login, passcode, tlsFiles }: BrokerCredentials,
): Readonly<Record<string, string>> {
  return {
    GANTRY_BROKER_URIS: uri,
    GANTRY_BROKER_LOGIN: login,
    ...(passcode === undefined ? {} : { GANTRY_BROKER_PASSCODE: passcode }),
    ...(tlsFiles && {
      GANTRY_BROKER_CA: tlsFiles.ca,
      GANTRY_BROKER_CERT: tlsFiles.cert,
      GANTRY_BROKER_KEY: tlsFiles.key,
    }),
  };
}

/** What a client's options have of a broker. */
export type BrokerConnection = BrokerCredentials & { readonly uris: readonly string[] };

/** The same for a client in the test's own process. */
export function brokerConnection(uri: string, credentials: BrokerCredentials): BrokerConnection {
  return { uris: [uri], ...credentials };
}
