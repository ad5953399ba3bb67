import { brokerPrincipals, type BrokerFleet } from '@gantry/contracts';
import { randomBytes } from 'node:crypto';
import { LabError } from './lab-error.js';

/** A service's, host's or person's account at the broker. */
export interface BrokerCredentials {
  readonly login: string;
  readonly passcode: string;
}

/** Hosts and Puppet server of a lab, whether they run or not: a broker knows its fleet when it starts. */
export const labFleet = (domain = 'lab', hosts = 9): BrokerFleet => ({
  hosts: Array.from({ length: hosts }, (_, index) => `web${index + 1}.${domain}`),
  puppetServers: [`puppet.${domain}`],
});

/** A lab's, and the hosts that specs tell of. */
export const specFleet = (): BrokerFleet => ({
  ...labFleet(),
  hosts: [...labFleet().hosts, ...labFleet('example.net', 4).hosts],
});

/** Every principal's account, by its name. */
export class BrokerAccounts {
  private readonly byName: ReadonlyMap<string, BrokerCredentials>;

  constructor(
    fleet: BrokerFleet,
    passcodeOf: (principal: string) => string = () => randomBytes(12).toString('hex'),
  ) {
    this.byName = new Map(
      brokerPrincipals(fleet).map((login) => [login, { login, passcode: passcodeOf(login) }]),
    );
  }

  get all(): readonly BrokerCredentials[] {
    return [...this.byName.values()];
  }

  of(principal: string): BrokerCredentials {
    const account = this.byName.get(principal);
    if (account) return account;
    const known = [...this.byName.keys()].join(', ');
    throw new LabError(`No broker account ${principal}`, `known are ${known}`, 'name one of those');
  }
}
