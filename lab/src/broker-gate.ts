import { brokerPrincipals, type BrokerFleet } from '@gantry/contracts';
import { BrokerAccounts, requirePrincipal, type BrokerCredentials } from './broker-access.js';
import { BrokerCertificates } from './broker-certificates.js';
import type { BrokerDoors } from './broker-config.js';

/** How a private broker lets its clients in. */
export interface BrokerGate {
  readonly scheme: 'stomp' | 'stomp+ssl';
  readonly doors: BrokerDoors;
  of(principal: string): BrokerCredentials;
}

/** By certificates, as the shipped configuration does. */
export class CertificateGate implements BrokerGate {
  readonly scheme = 'stomp+ssl';
  readonly certificates: BrokerCertificates;
  readonly doors: BrokerDoors;

  constructor(
    folder: string,
    addresses: readonly string[],
    private readonly fleet: BrokerFleet,
  ) {
    this.certificates = new BrokerCertificates(folder);
    this.doors = {
      by: 'certificates',
      ...this.certificates.stores([...addresses, 'localhost']),
      revoked: this.certificates.revoked,
    };
  }

  of(principal: string): BrokerCredentials {
    requirePrincipal(principal, brokerPrincipals(this.fleet));
    return { login: principal, tlsFiles: this.certificates.of(principal) };
  }
}

/** By passwords, without TLS. */
export class PasswordGate implements BrokerGate {
  readonly scheme = 'stomp';
  readonly doors: BrokerDoors;
  private readonly accounts: BrokerAccounts;

  constructor(fleet: BrokerFleet) {
    this.accounts = new BrokerAccounts(fleet);
    this.doors = { by: 'passwords', accounts: this.accounts.all };
  }

  of(principal: string): BrokerCredentials {
    return this.accounts.of(principal);
  }
}
