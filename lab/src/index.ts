export { Broker, type BrokerOptions } from './broker.js';
export { BrokerAccounts, type BrokerCredentials, labFleet, specFleet } from './broker-access.js';
export {
  BrokerCertificates,
  type BrokerTlsFiles,
  type CertificateWish,
} from './broker-certificates.js';
export { brokerConnection, brokerEnvironment, type BrokerConnection } from './broker-client.js';
export { brokerSocket, connectFrame } from './stomp-probe.js';
export {
  deployedBrokerFiles,
  deployedBrokerXml,
  passcodeVariable,
  passwordBrokerXml,
} from './deployed-broker.js';
export { FleetHost, type FleetHostOptions, type HostCommandOptions } from './fleet-host.js';
export { Haproxy, type HaproxyOptions } from './haproxy.js';
export { haproxyCommand, type MemberState, parseServersState } from './haproxy-cli.js';
export type { Pool, PoolMember } from './haproxy-config.js';
export { HostProcess } from './host-process.js';
export { InServiceWatch } from './in-service-watch.js';
export { Lab, type LabParts } from './lab.js';
export { LabError } from './lab-error.js';
export { leftoversOf } from './leftovers.js';
export { Network } from './network.js';
export { freePort } from './ports.js';
export { Postgres, type PostgresOptions } from './postgres.js';
export { ManagedProcess, type ProcessSpec } from './processes.js';
export type { Progress, ProgressListener } from './progress.js';
export { PuppetServer, type PuppetServerOptions } from './puppet-server.js';
export {
  type PublishedRpm,
  type PublishOptions,
  RpmRepository,
  type RpmRepositoryOptions,
} from './rpm-repository.js';
export type { CommandResult } from './run.js';
export type { ShopVariant } from './shop-rpm.js';
export { sweepAbandoned } from './sweep.js';
export {
  createHost,
  startBroker,
  startHaproxy,
  startPostgres,
  startPuppetServer,
  startRpmRepository,
  startTraffic,
} from './start.js';
export { SHOP_POOL } from './assemble-lab.js';
export { type LabOptions, startLab } from './start-lab.js';
export {
  Traffic,
  type TrafficOptions,
  type TrafficProblem,
  type TrafficReport,
} from './traffic.js';
export { waitUntil, type WaitOptions } from './wait-until.js';
export { Workspace } from './workspace.js';
