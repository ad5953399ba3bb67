import type { BrokerFleet } from '@gantry/contracts';
import { BrokerAccounts } from './broker-access.js';
import { activemqXml } from './broker-config.js';
import { groupsProperties, LOGIN_CONFIG, usersProperties } from './broker-logins.js';

/** The environment variable that holds a principal's password for the deployed broker. */
export const passcodeVariable = (principal: string): string =>
  `GANTRY_BROKER_PASSCODE_${principal.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;

const PREFACE = `<!--
  ActiveMQ Classic for Gantry (6.2.8 or 5.19.9, or newer), written by lab/scripts/write-broker-config.mjs from the table of topics and a fleet file: change those,
  not this. STOMP only: nothing here speaks OpenWire, and its port is not opened. README.md beside it says the rest.
-->
`;

const COMMON = {
  name: 'gantry',
  endpoints: ['0.0.0.0:61613'],
  limits: { memory: '256 mb', store: '4 gb', temp: '512 mb' },
  preface: PREFACE,
};

/** The files of the deployed broker, by name: its configuration, and who is who to it. */
export const deployedBrokerFiles = (fleet: BrokerFleet): ReadonlyMap<string, string> =>
  new Map([
    ['activemq.xml', deployedBrokerXml(fleet)],
    ['login.config', LOGIN_CONFIG],
    ['users.properties', usersProperties(fleet)],
    ['groups.properties', groupsProperties(fleet)],
  ]);

/** deploy/activemq/activemq.xml: who is who by certificates; the key stores are beside it, their password comes from the environment. */
export function deployedBrokerXml(fleet: BrokerFleet): string {
  const at = (file: string) => `file:\${activemq.conf}/tls/${file}`;
  return activemqXml({
    ...COMMON,
    fleet,
    doors: {
      by: 'certificates',
      keyStore: at('broker.p12'),
      trustStore: at('trust.jks'),
      password: '${GANTRY_BROKER_STORE_PASSWORD}',
      revoked: at('crl.pem'),
    },
  });
}

/** The same with passwords from the environment and without TLS, for tests that take the broker from a container. */
export function passwordBrokerXml(fleet: BrokerFleet): string {
  const { all } = new BrokerAccounts(fleet, (name) => `\${${passcodeVariable(name)}}`);
  return activemqXml({ ...COMMON, fleet, doors: { by: 'passwords', accounts: all } });
}
