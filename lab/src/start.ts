import { Broker, type BrokerOptions } from './broker.js';
import { FleetHost, type FleetHostOptions } from './fleet-host.js';
import { Haproxy, type HaproxyOptions } from './haproxy.js';
import { Postgres, type PostgresOptions } from './postgres.js';
import { PuppetServer, type PuppetServerOptions } from './puppet-server.js';
import { RpmRepository, type RpmRepositoryOptions } from './rpm-repository.js';
import { Traffic, type TrafficOptions } from './traffic.js';

/** Starts a private Postgres; stop() leaves nothing behind. */
export function startPostgres(options?: PostgresOptions): Promise<Postgres> {
  return Postgres.start(options);
}

/** Starts a private ActiveMQ; stop() leaves nothing behind. */
export function startBroker(options?: BrokerOptions): Promise<Broker> {
  return Broker.start(options);
}

/** Starts a private HAProxy; stop() leaves nothing behind. */
export function startHaproxy(options: HaproxyOptions): Promise<Haproxy> {
  return Haproxy.start(options);
}

/** Starts an empty yum repository over HTTP; stop() leaves nothing behind. */
export function startRpmRepository(options?: RpmRepositoryOptions): Promise<RpmRepository> {
  return RpmRepository.start(options);
}

/** Starts a Puppet server in a lab's network. */
export function startPuppetServer(options: PuppetServerOptions): Promise<PuppetServer> {
  return PuppetServer.start(options);
}

/** Makes a host and switches it on. */
export function createHost(options: FleetHostOptions): Promise<FleetHost> {
  return FleetHost.create(options);
}

/** Sends customers; stop() says what they saw. */
export function startTraffic(options: TrafficOptions): Traffic {
  return new Traffic(options);
}
