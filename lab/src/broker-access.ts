import { brokerPrincipals, type BrokerFleet } from '@gantry/contracts';
import { randomBytes } from 'node:crypto';
import type { BrokerTlsFiles } from './broker-certificates.js';
import { LabError } from './lab-error.js';

/** A service's, host's or person's account at the broker: by password, or by a certificate, and then the name is for the eye only. */
export interface BrokerCredentials {
  readonly login: string;
  readonly passcode?: string;
  readonly tlsFiles?: BrokerTlsFiles;
}

/** An account by password. */
export interface PasswordAccount extends BrokerCredentials {
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

/** Every principal's account by password. */
export class BrokerAccounts {
  private readonly byName: ReadonlyMap<string, PasswordAccount>;

  constructor(
    fleet: BrokerFleet,
    passcodeOf: (principal: string) => string = () => randomBytes(12).toString('hex'),
  ) {
    this.byName = new Map(
      brokerPrincipals(fleet).map((login) => [login, { login, passcode: passcodeOf(login) }]),
    );
  }

  get all(): readonly PasswordAccount[] {
    return [...this.byName.values()];
  }

  of(principal: string): PasswordAccount {
    const account = this.byName.get(principal);
    if (account) return account;
    throw unknownPrincipal(principal, [...this.byName.keys()]);
  }
}

/** Refuses a name that the broker does not know. */
export function requirePrincipal(principal: string, known: readonly string[]): void {
  if (!known.includes(principal)) throw unknownPrincipal(principal, known);
}

function unknownPrincipal(principal: string, known: readonly string[]): LabError {
  return new LabError(
    `No broker account ${principal}`,
    `known are ${known.join(', ')}`,
    'name one of those',
  );
}
