import { Broker } from './broker.js';
import { labFleet } from './broker-access.js';
import { FleetHost } from './fleet-host.js';
import { Haproxy } from './haproxy.js';
import { Lab } from './lab.js';
import type { Network } from './network.js';
import { Postgres } from './postgres.js';
import { phase, type ProgressListener } from './progress.js';
import { playedPuppet } from './played-puppet.js';
import { PuppetServer, type PuppetServerOptions } from './puppet-server.js';
import { RpmRepository } from './rpm-repository.js';
import type { Workspace } from './workspace.js';

/** The pool of all hosts in HAProxy. */
export const SHOP_POOL = 'shop';
const SHOP_PORT = 8080;
const BASELINE = '1.0.0';

/** What a lab is assembled from. */
export interface LabSettings {
  readonly workspace: Workspace;
  readonly network: Network;
  readonly count: number;
  /** Names of further hosts, in no pool. */
  readonly apart: readonly string[];
  readonly domain: string;
  readonly readOnly: readonly string[];
  readonly puppet: 'real' | 'played';
  readonly tell: ProgressListener;
}

/** Starts every part, as much as possible at once. */
export async function assembleLab(settings: LabSettings): Promise<Lab> {
  const { workspace, network, domain, count, tell } = settings;
  const address = network.gateway;
  const baseline = `${BASELINE}-1`;
  // The Puppet server takes longest: it starts first, everything else in its shadow.
  const serverUp = phase(tell, 'puppet-server', `https://${address}:8140`, () =>
    startPuppet(settings, { workspace, address, domain, baseline }),
  );
  const startPostgres = (): Promise<Postgres> => Postgres.start({ workspace });
  const postgresUp = phase(tell, 'postgres', 'private cluster', startPostgres);
  const brokerUp = phase(tell, 'broker', 'ActiveMQ', () => startBroker(settings, address));
  const haproxyUp = phase(tell, 'haproxy', `pool ${SHOP_POOL}`, () =>
    Haproxy.start({ workspace, pools: [shopPool(settings)] }),
  );
  const repositoryUp = phase(tell, 'repository', `shop ${baseline}`, () =>
    makeRepository(settings),
  );
  const hostsUp = Promise.all([
    repositoryUp,
    settings.puppet === 'played' ? serverUp : undefined,
  ]).then(([repository, server]) =>
    phase(tell, 'hosts', `${count + settings.apart.length} hosts`, () =>
      makeHosts(settings, repository, server),
    ),
  );
  const baselineUp = Promise.all([serverUp, hostsUp, haproxyUp]).then(([, hosts, haproxy]) =>
    phase(tell, 'baseline', `Puppet installs shop ${baseline}`, () =>
      install(settings, hosts, haproxy),
    ),
  );
  const parts = [
    serverUp,
    postgresUp,
    brokerUp,
    haproxyUp,
    repositoryUp,
    hostsUp,
    baselineUp,
  ] as const;
  const [puppetServer, postgres, broker, haproxy, repository, all] = await together(
    parts,
    workspace,
  );
  return new Lab({
    ...{ workspace, network, domain, baseline },
    ...{ postgres, broker, repository, puppetServer, haproxy },
    ...{ hosts: all.slice(0, count), apart: all.slice(count) },
  });
}

function startBroker(settings: LabSettings, address: string): Promise<Broker> {
  const { workspace, domain, count } = settings;
  const hosts = namesOf(settings).map((name) => `${name}.${domain}`);
  const fleet = { ...labFleet(domain, count), hosts };
  return Broker.start({ workspace, addresses: ['127.0.0.1', address], fleet });
}

function shopPool({ network, count }: LabSettings) {
  const members = numbers(count).map((number) => ({
    name: `web${number}`,
    address: network.address(FleetHost.FIRST_ADDRESS + number),
    port: SHOP_PORT,
  }));
  return { name: SHOP_POOL, members };
}

async function makeRepository({ workspace, network }: LabSettings): Promise<RpmRepository> {
  const repository = await RpmRepository.start({ workspace, address: network.gateway });
  await repository.publishMarkers();
  await repository.publish({ version: BASELINE });
  return repository;
}

function startPuppet({ puppet }: LabSettings, options: PuppetServerOptions): Promise<PuppetServer> {
  return puppet === 'real' ? PuppetServer.start(options) : PuppetServer.foldersOnly(options);
}

/** `server` is there when the hosts play their Puppet: they read the wanted versions where they are published. */
function makeHosts(
  settings: LabSettings,
  repository: RpmRepository,
  server: PuppetServer | undefined,
): Promise<FleetHost[]> {
  const { workspace, network, domain } = settings;
  const played = server && playedPuppet(repository.folder, server.desiredVersionsDir);
  const readOnly = [...settings.readOnly, ...(played?.readOnly ?? [])];
  const variables = played?.variables ?? {};
  const shared = { workspace, network, domain, readOnly, variables, repositoryUrl: repository.url };
  return Promise.all(
    namesOf(settings).map(async (name, index) => {
      const host = await FleetHost.create({ ...shared, name, number: index + 1 });
      if (played === undefined) await host.run(['dnf', '-y', '-q', 'install', 'lab-base']);
      else await played.installOn(host);
      return host;
    }),
  );
}

async function install(
  { puppet, count }: LabSettings,
  hosts: readonly FleetHost[],
  haproxy: Haproxy,
): Promise<void> {
  if (puppet === 'real') await Promise.all(hosts.map((host) => host.firstPuppetRun()));
  await haproxy.waitForInService(SHOP_POOL, count);
}

/** Waits for all; when one fails, closing the workspace ends the others at once instead of minutes later. */
async function together<T extends readonly Promise<unknown>[]>(
  parts: T,
  workspace: Workspace,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  try {
    return await Promise.all(parts);
  } catch (error) {
    await workspace.close();
    await Promise.allSettled(parts);
    throw error;
  }
}

/** Members of the pool first. */
const namesOf = ({ count, apart }: LabSettings): readonly string[] => [
  ...numbers(count).map((number) => `web${number}`),
  ...apart,
];

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
