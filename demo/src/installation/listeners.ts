import { hostPrincipal, publisherPrincipal } from '@gantry/contracts';
import { access, copyFile, cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  brokerEnvironment,
  waitUntil,
  LabError,
  type BrokerCredentials,
  type FleetHost,
  type HostProcess,
  type Lab,
  type ManagedProcess,
} from '@gantry/lab';
import { enrol, type Keys } from './keys.js';
import { REPO_ROOT } from './repo-root.js';

/** Folder of the listener's bundle: hosts see it read-only. */
export const LISTENER_FOLDER = join(REPO_ROOT, 'services', 'puppet-listener', 'dist');
const BUNDLE = join(LISTENER_FOLDER, 'listener.mjs');
/** Old space is capped: a host's memory belongs to its application. */
const NODE_FLAGS = ['--max-old-space-size=48', '--max-semi-space-size=1'];
const SSL = '/etc/gantry-listener/ssl';
const STATE = '/var/lib/gantry-listener';

/** The listener of one host, in its namespaces. */
export class HostListener {
  private process: HostProcess | undefined;

  constructor(
    readonly host: FleetHost,
    private readonly lab: Lab,
    private readonly keys: Keys,
  ) {}

  get name(): string {
    return `the listener of ${this.host.name}`;
  }

  get alive(): boolean {
    return this.process?.alive ?? false;
  }

  get pid(): number | undefined {
    return this.process?.pid;
  }

  get logFile(): string | undefined {
    return this.process?.logFile;
  }

  /** Starts it, this once with these variables more; at the first start its key is enrolled. */
  async up(more: Readonly<Record<string, string>> = {}): Promise<void> {
    const { host, lab, keys } = this;
    const trusted = join(host.root, 'etc', 'gantry-listener', 'trusted');
    await mkdir(trusted, { recursive: true, mode: 0o700 });
    await cp(keys.trusted, trusted, { recursive: true });
    const broker = lab.broker.uri(lab.network.gateway);
    const credentials = await carriedTo(host, lab.broker.credentials(hostPrincipal(host.certname)));
    this.process = await host.startProcess([process.execPath, ...NODE_FLAGS, BUNDLE], {
      GANTRY_LISTENER_ROLE: 'agent',
      GANTRY_CERTNAME: host.certname,
      ...brokerEnvironment(broker, credentials),
      GANTRY_STATE_DIR: STATE,
      GANTRY_DISPATCHER_KEYS: '/etc/gantry-listener/trusted',
      GANTRY_PACKAGES: 'shop',
      NODE_ENV: 'production',
      ...more,
    });
    const key = join(host.root, STATE, 'host.pub');
    await appears(key, `the listener of ${host.name}`, this.process.logFile);
    await enrol(keys, host.certname, key);
  }

  /** Resolves when the process has ended, by whatever cause. */
  async ended(): Promise<void> {
    await this.process?.exited;
  }

  kill9(): void {
    this.process?.kill('SIGKILL');
  }
}

/** The listener in its publisher role, beside the Puppet server. */
export async function startPublisher(lab: Lab, keys: Keys): Promise<ManagedProcess> {
  const state = await lab.workspace.folder('publisher');
  const server = lab.puppetServer.certname;
  const key = join(state, 'host.pub');
  const logFile = lab.workspace.path('logs', 'publisher.log');
  await lab.workspace.folder('logs');
  const publisher = await lab.workspace.start({
    name: 'Publisher',
    argv: [process.execPath, ...NODE_FLAGS, BUNDLE],
    logFile,
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      GANTRY_LISTENER_ROLE: 'publisher',
      GANTRY_CERTNAME: server,
      ...lab.broker.environment(publisherPrincipal(server)),
      GANTRY_STATE_DIR: state,
      GANTRY_LOCK_DIR: lab.workspace.path('publisher-lock'),
      GANTRY_DISPATCHER_KEYS: keys.trusted,
      GANTRY_HIERA_DIR: lab.puppetServer.desiredVersionsDir,
    },
    ready: () =>
      access(key).then(
        () => true,
        () => false,
      ),
    deadlineMs: 30_000,
    advice: 'read its log above',
  });
  await enrol(keys, `publisher.${server}`, key);
  return publisher;
}

/** A host sees its own files only: its certificate is put where Puppet would have put it. */
async function carriedTo(
  { root }: FleetHost,
  credentials: BrokerCredentials,
): Promise<BrokerCredentials> {
  const { tlsFiles } = credentials;
  if (!tlsFiles) return credentials;
  await mkdir(join(root, SSL), { recursive: true, mode: 0o700 });
  const there = async (file: string, name: string): Promise<string> => {
    await copyFile(file, join(root, SSL, name));
    return `${SSL}/${name}`;
  };
  const { ca, cert, key } = tlsFiles;
  return {
    ...credentials,
    tlsFiles: {
      ca: await there(ca, 'ca.pem'),
      cert: await there(cert, 'cert.pem'),
      key: await there(key, 'key.pem'),
    },
  };
}

async function appears(file: string, what: string, logFile: string): Promise<void> {
  await waitUntil(
    () =>
      access(file).then(
        () => true,
        () => false,
      ),
    {
      deadlineMs: 30_000,
      onTimeout: async () =>
        new LabError(
          `${what} did not start`,
          (await readFile(logFile, 'utf8').catch(() => '')).slice(-2_000),
          'read its log',
        ),
    },
  );
}
