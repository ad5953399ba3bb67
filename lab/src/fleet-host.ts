import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { HOST_PATH, initScript } from './host-init.js';
import { HostProcess } from './host-process.js';
import { exists, makeHostRoot } from './host-root.js';
import { LabError } from './lab-error.js';
import type { Network } from './network.js';
import { childrenOf } from './process-table.js';
import type { ManagedProcess } from './processes.js';
import { type CommandResult, run, tryRun } from './run.js';
import { MARKER } from './sweep.js';
import type { Workspace } from './workspace.js';

/** How a host is made. */
export interface FleetHostOptions {
  readonly workspace: Workspace;
  readonly network: Network;
  readonly name: string;
  /** 1 for the first host: the last number of its address follows from it. */
  readonly number: number;
  readonly domain: string;
  readonly repositoryUrl: string;
  /** Folders of this machine that the host sees read-only at the same path, e.g. the listener's bundle. */
  readonly readOnly?: readonly string[];
  /** Variables of every command and process inside the host. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Variables and time limit of a command inside a host. */
export interface HostCommandOptions {
  readonly env?: Record<string, string>;
  readonly timeoutMs?: number;
}

const LONGEST_COMMAND_MS = 600_000;

/** One machine of the fleet: own network, mounts, hostname and processes; Puppet and rpm at their normal paths. */
export class FleetHost {
  /** Host number n has the network's address FIRST_ADDRESS + n. */
  static readonly FIRST_ADDRESS = 10;
  private process: ManagedProcess | undefined;
  private init: number | undefined;

  private constructor(private readonly options: FleetHostOptions) {}

  static async create(options: FleetHostOptions): Promise<FleetHost> {
    const host = new FleetHost(options);
    const { name, domain, network, repositoryUrl } = options;
    const { address } = host;
    const identity = { name, domain, address, gateway: network.gateway, repositoryUrl };
    await makeHostRoot(host.root, identity);
    await host.up();
    return host;
  }

  get name(): string {
    return this.options.name;
  }

  get certname(): string {
    return `${this.name}.${this.options.domain}`;
  }

  get address(): string {
    return this.options.network.address(FleetHost.FIRST_ADDRESS + this.options.number);
  }

  get alive(): boolean {
    return this.process?.alive ?? false;
  }

  /** The host's disk as this machine sees it; /usr, /proc and /run are empty here. */
  get root(): string {
    return join(this.folder, 'root');
  }

  /** Switches the host on, on the disk it has. */
  async up(): Promise<void> {
    const { workspace, name, readOnly = [] } = this.options;
    await mkdir(this.folder, { recursive: true });
    const script = join(this.folder, 'init.sh');
    const folders = [...readOnly, ...nodeFolder()];
    await writeFile(script, initScript({ name, root: this.root, readOnly: folders }));
    const namespaces = ['--net', '--mount', '--uts', '--ipc', '--pid', '--fork', '--kill-child'];
    this.process = await workspace.start({
      name: `Host ${name}`,
      argv: ['unshare', ...namespaces, 'bash', script],
      logFile: join(this.folder, 'console.log'),
      ready: isUp,
      deadlineMs: 30_000,
      advice: 'namespaces need root and CAP_SYS_ADMIN: use a virtual machine or --privileged',
    });
    this.init = (await childrenOf(this.process.pid))[0];
    await this.connect();
  }

  /** Cuts the power: every process of the host dies at once; the disk stays. */
  async kill(): Promise<void> {
    if (this.init !== undefined && this.alive) process.kill(this.init, 'SIGKILL');
    await this.process?.exited;
    // The kernel removes the network namespace later, and with it the cable: not before a quick up() wants its name.
    await tryRun(['ip', 'link', 'del', this.cable]);
  }

  /** Pulls the network cable: the host runs on and nobody reaches it. */
  async unplug(): Promise<void> {
    await run(['ip', 'link', 'set', this.cable, 'down']);
  }

  async plug(): Promise<void> {
    await run(['ip', 'link', 'set', this.cable, 'up']);
  }

  async stop(): Promise<void> {
    await this.kill();
  }

  /** Runs a command inside the host, as root, to its end. */
  async exec(argv: readonly string[], options: HostCommandOptions = {}): Promise<CommandResult> {
    const { env, timeoutMs = LONGEST_COMMAND_MS } = options;
    return tryRun(this.enter(argv, env), { timeoutMs });
  }

  /** Runs a command inside the host that must succeed. */
  async run(argv: readonly string[]): Promise<string> {
    return run(this.enter(argv), { timeoutMs: LONGEST_COMMAND_MS });
  }

  /** Starts a process inside the host that goes on; its output goes to a file outside. */
  async startProcess(
    argv: readonly string[],
    env: Record<string, string> = {},
  ): Promise<HostProcess> {
    const program = argv.find((word) => /\.[cm]?js$/.test(word)) ?? argv[0] ?? 'process';
    const logFile = join(this.folder, `${basename(program)}.log`);
    return HostProcess.start(this.enter(argv, env), logFile);
  }

  /** Runs the Puppet agent once by hand; exit codes as with --detailed-exitcodes. */
  puppetAgent(args: readonly string[] = []): Promise<CommandResult> {
    return this.exec(['puppet', 'agent', '--test', '--color=false', ...args]);
  }

  /** Gets the host's certificate and applies the catalog for the first time. */
  async firstPuppetRun(): Promise<void> {
    // Without keep-alive: Puppet's server leaves the connection that sent the request for a certificate hanging for 30 s.
    const result = await this.puppetAgent(['--http_keepalive_timeout', '0']);
    if (result.exitCode === 0 || result.exitCode === 2) return;
    const said = `${result.stdout}\n${result.stderr}`;
    throw new LabError(
      `The first Puppet run of ${this.name} failed`,
      said,
      'see its message above',
    );
  }

  /** The version of an installed package as VERSION-RELEASE, undefined when it is not installed. */
  async installedVersion(packageName: string): Promise<string | undefined> {
    const query = ['rpm', '-q', '--qf', '%{VERSION}-%{RELEASE}', packageName];
    const result = await this.exec(query);
    return result.exitCode === 0 ? result.stdout : undefined;
  }

  private get folder(): string {
    return this.options.workspace.path('hosts', this.name);
  }

  private get cable(): string {
    return `g${this.options.workspace.tag}-${this.name}`.slice(0, 15);
  }

  private get macAddress(): string {
    const { workspace, number } = this.options;
    const tag = workspace.tag.match(/../g) ?? [];
    return ['02', '67', ...tag, '00', number.toString(16).padStart(2, '0')].join(':');
  }

  private enter(argv: readonly string[], env: Record<string, string> = {}): string[] {
    if (this.init === undefined || !this.alive)
      throw new LabError(
        `Cannot run ${argv[0] ?? ''} on ${this.name}`,
        'the host is off',
        'call up() first',
      );
    const variables = {
      PATH: HOST_PATH,
      HOME: '/root',
      LANG: 'C.UTF-8',
      TERM: 'dumb',
      [MARKER]: this.options.workspace.dir,
      ...this.options.variables,
      ...env,
    };
    const pairs = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
    const namespaces = ['-t', String(this.init), '-m', '-u', '-i', '-n', '-p', '-r', '-w'];
    return ['nsenter', ...namespaces, '--', '/usr/bin/env', '-i', ...pairs, ...argv];
  }

  private async connect(): Promise<void> {
    const { network } = this.options;
    const init = String(this.init);
    await tryRun(['ip', 'link', 'del', this.cable]);
    await run([
      'ip',
      'link',
      'add',
      this.cable,
      'type',
      'veth',
      'peer',
      'name',
      'eth0',
      'netns',
      init,
    ]);
    await run(['ip', 'link', 'set', this.cable, 'master', network.bridge, 'up']);
    const inside = ['nsenter', '-t', init, '-n', 'ip'];
    // The same network card after every start: neighbours remember its address and would miss a new one for a minute.
    await run([...inside, 'link', 'set', 'eth0', 'address', this.macAddress]);
    await run([...inside, 'addr', 'add', `${this.address}/24`, 'dev', 'eth0']);
    await run([...inside, 'link', 'set', 'eth0', 'up']);
  }
}

async function isUp(unsharePid: number): Promise<boolean> {
  const [init] = await childrenOf(unsharePid);
  return init !== undefined && (await exists(`/proc/${init}/root/run/up`));
}

/** Where node lives when that is not below /usr, which every host sees anyway. */
function nodeFolder(): string[] {
  const folder = dirname(process.execPath);
  return folder.startsWith('/usr/') ? [] : [folder];
}
