import { randomBytes } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { GantryClient } from '@gantry/client';
import { waitUntil, LabError, type Lab, type ManagedProcess } from '@gantry/lab';
import { fleetYaml, type FleetSettings } from './fleet-yaml.js';
import { makeKeys, SIGNING_KID, type Keys } from './keys.js';
import { HostListener, startPublisher } from './listeners.js';
import { ServiceProcess } from './service-process.js';

/** What an installation consists of besides the lab it runs on. */
export interface InstallationOptions {
  readonly fleet?: FleetSettings;
  /** Replicas of the orchestrator. */
  readonly orchestrators?: number;
}

const SERVICES = [
  'audit',
  'puppet-dispatcher',
  'lb-controller',
  'build-watcher',
  'gateway',
] as const;
type Name = (typeof SERVICES)[number] | 'orchestrator';

/** A whole Gantry on a lab: every service a process of its own, a listener on every host, a publisher beside the Puppet server. */
export class Installation {
  private constructor(
    readonly lab: Lab,
    readonly services: ReadonlyMap<string, ServiceProcess>,
    readonly listeners: readonly HostListener[],
    readonly publisher: ManagedProcess,
  ) {}

  static async start(lab: Lab, options: InstallationOptions = {}): Promise<Installation> {
    const keys = await makeKeys(lab.workspace);
    const environment = await environments(lab, keys, options);
    const services = new Map<string, ServiceProcess>();
    const add = (name: Name, replica = 1): ServiceProcess => {
      const service = new ServiceProcess({
        workspace: lab.workspace,
        name,
        replica,
        env: environment(name, replica),
      });
      services.set(replica === 1 ? name : `${name}-${replica}`, service);
      return service;
    };
    const listeners = lab.hosts.map((host) => new HostListener(host, lab, keys));
    // Whoever consumes first: a message published before its queue exists would wait for the log to send it again.
    const orchestrators = Array.from({ length: options.orchestrators ?? 1 }, (_, i) =>
      add('orchestrator', i + 1),
    );
    const [publisher] = await Promise.all([
      startPublisher(lab, keys),
      orchestrators[0]?.up(),
      ...SERVICES.filter((n) => n !== 'audit' && n !== 'build-watcher').map((n) => add(n).up()),
      ...listeners.map((l) => l.up()),
    ]);
    // The log's tables are the orchestrator's to make; builds are announced to a queue that exists.
    await Promise.all([
      add('audit').up(),
      add('build-watcher').up(),
      ...orchestrators.slice(1).map((o) => o.up()),
    ]);
    const installation = new Installation(lab, services, listeners, publisher);
    await installation.isComplete();
    return installation;
  }

  get url(): string {
    return `http://127.0.0.1:${this.service('gateway').httpPort}`;
  }

  get client(): GantryClient {
    return new GantryClient({ baseUrl: this.url });
  }

  service(name: string): ServiceProcess {
    const found = this.services.get(name);
    if (found === undefined)
      throw new LabError(
        `No service ${name}`,
        `there are ${[...this.services.keys()].join(', ')}`,
        'name one of those',
      );
    return found;
  }

  listener(name: string): HostListener {
    const found = this.listeners.find((l) => l.host.name === name || l.host.certname === name);
    if (found === undefined)
      throw new LabError(
        `No listener on ${name}`,
        'it is no host of the lab',
        'name one of its hosts',
      );
    return found;
  }

  /** Ends every service and listener; the lab goes on. */
  async stop(): Promise<void> {
    for (const listener of this.listeners) listener.kill9();
    await Promise.all([this.publisher.stop(), ...[...this.services.values()].map((s) => s.stop())]);
  }

  /** Puts another fleet file in place, as an editor would: whole, by rename. */
  async writeFleetFile(text: string): Promise<void> {
    const file = this.lab.workspace.path('fleet.yaml');
    await writeFile(`${file}.new`, text);
    await rename(`${file}.new`, file);
  }

  /** Every listener was heard, and the baseline's build is known. */
  private async isComplete(): Promise<void> {
    const { client } = this;
    await waitUntil(
      async () => {
        const [hosts, builds] = await Promise.all([client.hosts(), client.builds()]).catch(() => [
          { items: [] },
          { items: [] },
        ]);
        return (
          hosts.items.filter((h) => h.reachable === true).length >= this.lab.hosts.length &&
          builds.items.length > 0
        );
      },
      {
        deadlineMs: 60_000,
        onTimeout: async () =>
          new LabError(
            'Gantry is not complete',
            await this.service('orchestrator').tail(),
            'read the logs of its services',
          ),
      },
    );
  }
}

async function environments(
  lab: Lab,
  keys: Keys,
  options: InstallationOptions,
): Promise<(name: Name, replica: number) => Record<string, string>> {
  const database = await makeDatabase(lab);
  const fleetFile = lab.workspace.path('fleet.yaml');
  await writeFile(fleetFile, fleetYaml(lab, options.fleet));
  const own: Record<Name, Record<string, string>> = {
    orchestrator: {
      GANTRY_DATABASE_URL: database.url('orchestrator_service'),
      GANTRY_MIGRATION_URL: database.url('postgres'),
      GANTRY_FLEET_FILE: fleetFile,
    },
    audit: {
      GANTRY_DATABASE_URL: database.url('audit_service'),
      GANTRY_MIGRATION_URL: database.url('postgres'),
    },
    'puppet-dispatcher': {
      GANTRY_SIGNING_KEY_FILE: keys.signingKeyFile,
      GANTRY_SIGNING_KID: SIGNING_KID,
      GANTRY_HOST_KEYS: keys.enrolled,
    },
    'lb-controller': {
      GANTRY_LB_DEVICES: JSON.stringify([
        {
          name: 'lab-haproxy',
          driver: 'haproxy',
          socket: lab.haproxy.socketPath,
          checkIntervalMs: 500,
          pollMs: 100,
        },
      ]),
    },
    'build-watcher': {
      GANTRY_REPOSITORIES: JSON.stringify([
        { name: 'lab', url: lab.repository.url, packages: ['shop'], pollMs: 1_000 },
      ]),
    },
    gateway: {},
  };
  return (name, replica) => {
    const { login, passcode } = lab.broker.credentials(name);
    return {
      GANTRY_BROKER_URIS: `stomp://${lab.broker.endpoint()}`,
      GANTRY_BROKER_LOGIN: login,
      GANTRY_BROKER_PASSCODE: passcode,
      GANTRY_INSTANCE: `${name}-${replica}`,
      ...own[name],
    };
  };
}

/** A database of its own; the services' roles may do what they need and no more. */
async function makeDatabase(lab: Lab): Promise<{ url: (role: string) => string }> {
  const { postgres } = lab;
  const name = `gantry_${randomBytes(3).toString('hex')}`;
  await postgres.createDatabase(name);
  for (const role of ['orchestrator_service', 'audit_service']) {
    await postgres.sql(`CREATE ROLE ${role} LOGIN`).catch(() => undefined);
  }
  return { url: (role) => postgres.url(name, role) };
}
