import { access, writeFile } from 'node:fs/promises';
import { haproxyCfg, type Pool } from './haproxy-config.js';
import { haproxyCommand, type MemberState, parseServersState } from './haproxy-cli.js';
import { InServiceWatch } from './in-service-watch.js';
import { LabError } from './lab-error.js';
import { freePort } from './ports.js';
import type { ManagedProcess } from './processes.js';
import { run } from './run.js';
import { waitUntil } from './wait-until.js';
import { Workspace } from './workspace.js';

const PROGRAM = '/usr/sbin/haproxy';

/** How a private HAProxy is started. */
export interface HaproxyOptions {
  /** Without one, a workspace is made and closed with stop(). */
  readonly workspace?: Workspace;
  readonly pools: readonly Pool[];
}

/** A real HAProxy in master-worker mode with an admin socket. */
export class Haproxy {
  private process: ManagedProcess | undefined;
  private readonly watches: InServiceWatch[] = [];

  private constructor(
    private readonly workspace: Workspace,
    private readonly ownsWorkspace: boolean,
    private readonly ports: ReadonlyMap<string, number>,
  ) {}

  static async start(options: HaproxyOptions): Promise<Haproxy> {
    await access(PROGRAM).catch((cause: unknown) => {
      throw new LabError('Cannot start HAProxy', `no ${PROGRAM}`, 'apt-get install haproxy', {
        cause,
      });
    });
    const workspace = options.workspace ?? (await Workspace.open());
    const frontends = [];
    for (const pool of options.pools) frontends.push({ pool, port: await freePort() });
    const ports = new Map(frontends.map(({ pool, port }) => [pool.name, port]));
    const haproxy = new Haproxy(workspace, !options.workspace, ports);
    try {
      await workspace.folder('haproxy');
      await writeFile(haproxy.configFile, haproxyCfg({ socket: haproxy.socketPath, frontends }));
      await haproxy.up();
    } catch (error) {
      await haproxy.stop();
      throw error;
    }
    return haproxy;
  }

  /** The runtime API with admin rights. */
  get socketPath(): string {
    return this.workspace.path('haproxy', 'admin.sock');
  }

  /** Where clients reach a pool. */
  url(pool: string): string {
    const port = this.ports.get(pool);
    if (port !== undefined) return `http://127.0.0.1:${port}`;
    const known = [...this.ports.keys()].join(', ');
    throw new LabError(`No pool ${pool}`, `HAProxy has ${known}`, 'name one of those');
  }

  command(command: string): Promise<string> {
    return haproxyCommand(this.socketPath, command);
  }

  async members(pool: string): Promise<MemberState[]> {
    return parseServersState(await this.command(`show servers state ${pool}`));
  }

  /** Waits until so many members of a pool are in service. */
  async waitForInService(pool: string, count: number, deadlineMs = 30_000): Promise<void> {
    const inService = async () => (await this.members(pool)).filter((member) => member.inService);
    await waitUntil(async () => (await inService()).length >= count, {
      deadlineMs,
      onTimeout: async () => {
        const seen = (await inService()).map((member) => member.name).join(', ');
        const why = `after ${deadlineMs / 1000} s only [${seen}] of pool ${pool} are in service`;
        return new LabError(`Pool ${pool} has not ${count} members`, why, 'see their /health');
      },
    });
  }

  /** Watches how many members are in service until HAProxy is stopped. */
  watchInService(pool: string): InServiceWatch {
    const watch = new InServiceWatch(this.socketPath, pool);
    this.workspace.onClose('a watch', () => watch.stop());
    this.watches.push(watch);
    return watch;
  }

  /** Loads its configuration again in a new worker: states set at run time are forgotten, as in production. */
  async reload(): Promise<void> {
    const before = await this.workerPid();
    this.process?.signal('SIGUSR2');
    await waitUntil(async () => (await this.workerPid()) !== before, {
      deadlineMs: 15_000,
      onTimeout: () =>
        new LabError('HAProxy did not reload', 'no new worker after 15 s', 'read its log'),
    });
  }

  async up(): Promise<void> {
    await run([PROGRAM, '-c', '-q', '-f', this.configFile]);
    this.process = await this.workspace.start({
      name: 'HAProxy',
      argv: [PROGRAM, '-W', '-db', '-f', this.configFile],
      logFile: this.workspace.path('haproxy', 'haproxy.log'),
      ready: async () => (await this.workerPid()) !== undefined,
      deadlineMs: 20_000,
      advice: 'read the log',
    });
  }

  async down(): Promise<void> {
    await this.process?.stop();
  }

  async kill9(): Promise<void> {
    await this.process?.kill9();
  }

  async restart(): Promise<void> {
    await this.down();
    await this.up();
  }

  async stop(): Promise<void> {
    await Promise.all(this.watches.map((watch) => watch.stop()));
    await this.down();
    if (this.ownsWorkspace) await this.workspace.close();
  }

  private get configFile(): string {
    return this.workspace.path('haproxy', 'haproxy.cfg');
  }

  private async workerPid(): Promise<string | undefined> {
    return /^Pid: (\d+)$/m.exec(await this.command('show info'))?.[1];
  }
}
