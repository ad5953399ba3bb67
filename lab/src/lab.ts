import type { Broker } from './broker.js';
import type { FleetHost } from './fleet-host.js';
import type { Haproxy } from './haproxy.js';
import { LabError } from './lab-error.js';
import type { Network } from './network.js';
import type { Postgres } from './postgres.js';
import type { PuppetServer } from './puppet-server.js';
import type { RpmRepository } from './rpm-repository.js';
import type { Workspace } from './workspace.js';

/** Everything a data centre consists of. */
export interface LabParts {
  readonly workspace: Workspace;
  readonly network: Network;
  readonly domain: string;
  readonly baseline: string;
  readonly postgres: Postgres;
  readonly broker: Broker;
  readonly repository: RpmRepository;
  readonly puppetServer: PuppetServer;
  readonly hosts: readonly FleetHost[];
  readonly apart: readonly FleetHost[];
  readonly haproxy: Haproxy;
}

/** A running data centre in a box: hosts behind Puppet and HAProxy, with broker, database and repository. */
export class Lab {
  readonly workspace: Workspace;
  readonly network: Network;
  /** Hosts are named web1.DOMAIN and so on. */
  readonly domain: string;
  /** VERSION-RELEASE of shop that Puppet installed on every host at the start. */
  readonly baseline: string;
  readonly postgres: Postgres;
  readonly broker: Broker;
  readonly repository: RpmRepository;
  readonly puppetServer: PuppetServer;
  readonly hosts: readonly FleetHost[];
  /** Hosts of other environments, behind no load balancer. */
  readonly apart: readonly FleetHost[];
  readonly haproxy: Haproxy;

  constructor(parts: LabParts) {
    this.workspace = parts.workspace;
    this.network = parts.network;
    this.domain = parts.domain;
    this.baseline = parts.baseline;
    this.postgres = parts.postgres;
    this.broker = parts.broker;
    this.repository = parts.repository;
    this.puppetServer = parts.puppetServer;
    this.hosts = parts.hosts;
    this.apart = parts.apart;
    this.haproxy = parts.haproxy;
  }

  host(name: string): FleetHost {
    const all = [...this.hosts, ...this.apart];
    const found = all.find((host) => host.name === name || host.certname === name);
    if (found) return found;
    const known = all.map((host) => host.name).join(', ');
    throw new LabError(`No host ${name}`, `the lab has ${known}`, 'name one of those');
  }

  /** Ends everything; nothing stays behind. May be called more than once. */
  async stop(): Promise<void> {
    await Promise.all([
      ...[...this.hosts, ...this.apart].map((host) => host.stop()),
      this.haproxy.stop(),
      this.broker.kill9(),
      this.postgres.stop(),
      this.puppetServer.stop(),
      this.repository.stop(),
    ]);
    await this.network.stop();
    await this.workspace.close();
  }
}
