import type { BrokerFleet } from '@gantry/contracts';
import { BrokerAccounts } from './broker-access.js';
import { activemqXml } from './broker-config.js';

/** The environment variable that holds a principal's password for the deployed broker. */
export const passcodeVariable = (principal: string): string =>
  `GANTRY_BROKER_PASSCODE_${principal.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;

const PREFACE = `<!--
  ActiveMQ Classic for Gantry, written by lab/scripts/write-broker-config.mjs from the table of topics and a fleet file: change those,
  not this. STOMP only: nothing here speaks OpenWire, and its port is not opened. README.md beside it says the rest.
-->
`;

/** deploy/activemq/activemq.xml: passwords come from the environment. */
export function deployedBrokerXml(fleet: BrokerFleet): string {
  return activemqXml({
    name: 'gantry',
    endpoints: ['0.0.0.0:61613'],
    credentials: new BrokerAccounts(fleet, (name) => `\${${passcodeVariable(name)}}`).all,
    fleet,
    limits: { memory: '256 mb', store: '4 gb', temp: '512 mb' },
    preface: PREFACE,
  });
}
