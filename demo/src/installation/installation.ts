import { rename, writeFile } from 'node:fs/promises';
import { GantryClient } from '@gantry/client';
import { waitUntil, LabError, type Lab, type ManagedProcess } from '@gantry/lab';
import { environments, type ServiceName } from './environments.js';
import { fleetYaml, type FleetSettings } from './fleet-yaml.js';
import { makeKeys } from './keys.js';
import { HostListener, startPublisher } from './listeners.js';
import { ServiceProcess } from './service-process.js';

/** What an installation consists of besides the lab it runs on. */
export interface InstallationOptions {
  readonly fleet?: FleetSettings;
  /** Replicas of the orchestrator. */
  readonly orchestrators?: number;
}

/** A program of Gantry, to whoever looks after it. */
export interface Program {
  readonly name: string;
  readonly alive: boolean;
  up(): Promise<void>;
}

/** Makes a replica of a service, not yet started. */
type MakeService = (name: ServiceName, replica: number) => ServiceProcess;

/** A whole Gantry on a lab: every service a process of its own, a listener on every host, a publisher beside the Puppet server. */
export class Installation {
  private publisher: ManagedProcess | undefined;
  private readonly services = new Map<string, ServiceProcess>();

  private constructor(
    readonly lab: Lab,
    private readonly make: MakeService,
    private readonly listeners: readonly HostListener[],
    /** Settings of its fleet file. */
    readonly fleet: FleetSettings,
  ) {}

  static async start(lab: Lab, options: InstallationOptions = {}): Promise<Installation> {
    const { workspace } = lab;
    const keys = await makeKeys(workspace);
    const fleetFile = workspace.path('fleet.yaml');
    await writeFile(fleetFile, fleetYaml(lab, options.fleet));
    const environment = await environments(lab, keys, fleetFile);
    const make: MakeService = (name, replica) =>
      new ServiceProcess({ workspace, name, replica, env: environment(name, replica) });
    const listeners = [...lab.hosts, ...lab.apart].map((host) => new HostListener(host, lab, keys));
    const installation = new Installation(lab, make, listeners, options.fleet ?? {});
    // Whoever consumes first: a message published before its queue exists would wait for the log to send it again.
    const consumers = [
      'orchestrator',
      'puppet-dispatcher',
      'lb-controller',
      'gateway',
      'verifier',
    ] as const;
    [installation.publisher] = await Promise.all([
      startPublisher(lab, keys),
      ...consumers.map((name) => installation.add(name)),
      ...listeners.map((l) => l.up()),
    ]);
    // The log's tables are the orchestrator's to make; builds are announced to a queue that exists.
    await Promise.all([installation.add('audit'), installation.add('build-watcher')]);
    for (let n = 1; n < (options.orchestrators ?? 1); n++) await installation.add('orchestrator');
    await installation.isComplete();
    return installation;
  }

  /** Starts one more replica of a service; the second is then known as NAME-2. */
  async add(name: ServiceName): Promise<ServiceProcess> {
    const replica = 1 + [...this.services.values()].filter((s) => s.name === name).length;
    const service = this.make(name, replica);
    this.services.set(replica === 1 ? name : `${name}-${replica}`, service);
    await service.up();
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${this.service('gateway').httpPort}`;
  }

  get client(): GantryClient {
    return new GantryClient({ baseUrl: this.url });
  }

  /** Every program that may crash and be started again. */
  get programs(): readonly Program[] {
    return [...this.services.values(), ...this.listeners];
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
    await Promise.all([
      this.publisher?.stop(),
      ...[...this.services.values()].map((s) => s.stop()),
    ]);
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
