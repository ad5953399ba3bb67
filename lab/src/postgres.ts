import { readdir } from 'node:fs/promises';
import { LabError } from './lab-error.js';
import { freePort } from './ports.js';
import { childrenOf, startTimeOf } from './process-table.js';
import type { ManagedProcess } from './processes.js';
import { run, tryRun } from './run.js';
import { waitUntil } from './wait-until.js';
import { Workspace } from './workspace.js';

const VERSIONS = '/usr/lib/postgresql';
const ADVICE = 'free disk space or memory, or read the log; ./gantry test installs postgresql-15';

/** How a private Postgres is started. */
export interface PostgresOptions {
  /** Without one, a workspace is made and closed with stop(). */
  readonly workspace?: Workspace;
  /** Extra settings, e.g. { max_connections: '300' }. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A private Postgres cluster with Debian's binaries: loopback only, durable as in production. */
export class Postgres {
  private process: ManagedProcess | undefined;

  private constructor(
    private readonly workspace: Workspace,
    private readonly ownsWorkspace: boolean,
    private readonly bin: string,
    private readonly settings: Readonly<Record<string, string>>,
    readonly port: number,
  ) {}

  static async start(options: PostgresOptions = {}): Promise<Postgres> {
    const bin = await newestBinaries();
    const workspace = options.workspace ?? (await Workspace.open());
    const settings = options.settings ?? {};
    const postgres = new Postgres(workspace, !options.workspace, bin, settings, await freePort());
    try {
      await postgres.initialise();
      await postgres.up();
    } catch (error) {
      await postgres.stop();
      throw error;
    }
    return postgres;
  }

  get host(): string {
    return '127.0.0.1';
  }

  get socketDir(): string {
    return this.workspace.path('postgres');
  }

  get pid(): number | undefined {
    return this.process?.pid;
  }

  /** Connection URL of a database, as its superuser unless another role is named. */
  url(database = 'postgres', role = 'postgres'): string {
    return `postgres://${role}@${this.host}:${this.port}/${database}`;
  }

  async createDatabase(name: string): Promise<string> {
    await this.sql(`CREATE DATABASE "${name}"`);
    return this.url(name);
  }

  async dropDatabase(name: string): Promise<void> {
    await this.sql(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
  }

  /** Runs SQL as the superuser; returns unaligned rows without headings. */
  sql(statement: string, database = 'postgres'): Promise<string> {
    const target = [
      '-h',
      this.socketDir,
      '-p',
      String(this.port),
      '-U',
      'postgres',
      '-d',
      database,
    ];
    return run([`${this.bin}/psql`, '-XqAt', '-v', 'ON_ERROR_STOP=1', ...target, '-c', statement]);
  }

  /** Starts the server again on the same data and port, after kill9() or down(). */
  async up(): Promise<void> {
    const settings = {
      listen_addresses: this.host,
      unix_socket_directories: this.socketDir,
      ...this.settings,
    };
    this.process = await this.workspace.start({
      name: 'Postgres',
      argv: [
        ...asPostgresUser(),
        `${this.bin}/postgres`,
        ...['-D', this.dataDir, '-p', String(this.port)],
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      logFile: this.workspace.path('postgres', 'server.log'),
      ready: () => this.answers(),
      deadlineMs: 60_000,
      advice: ADVICE,
      // SIGINT is Postgres' fast shutdown: it does not wait for clients to leave.
      stopSignal: 'SIGINT',
    });
  }

  async down(): Promise<void> {
    await this.process?.stop();
  }

  async restart(): Promise<void> {
    await this.down();
    await this.up();
  }

  /** Power cut for the server process: nothing is flushed, clients see a reset. */
  async kill9(): Promise<void> {
    if (!this.process) return;
    const backends = await identify(await childrenOf(this.process.pid));
    await this.process.kill9();
    // Backends have sessions of their own and leave when they see the postmaster gone; a new one cannot start before.
    await waitUntil(async () => (await Promise.all(backends.map(isGone))).every(Boolean), {
      deadlineMs: 20_000,
      onTimeout: () =>
        new LabError('Postgres backends stay', 'their postmaster was killed', ADVICE),
    });
  }

  async stop(): Promise<void> {
    await this.down();
    if (this.ownsWorkspace) await this.workspace.close();
  }

  private get dataDir(): string {
    return this.workspace.path('postgres', 'data');
  }

  private async initialise(): Promise<void> {
    const folder = await this.workspace.folder('postgres');
    if (isRoot()) await run(['chown', 'postgres:', folder]);
    const flags = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'];
    await run([...asPostgresUser(), `${this.bin}/initdb`, '-D', this.dataDir, ...flags], {
      cwd: folder,
    });
  }

  private async answers(): Promise<boolean> {
    const target = ['-h', this.host, '-p', String(this.port), '-U', 'postgres'];
    return (await tryRun([`${this.bin}/pg_isready`, '-q', ...target])).exitCode === 0;
  }
}

interface Identity {
  readonly pid: number;
  readonly startTime: string;
}

/** Who of them is there; one that has just left has no start time any more. */
async function identify(pids: readonly number[]): Promise<Identity[]> {
  const found = await Promise.all(
    pids.map(async (pid) => ({ pid, startTime: await startTimeOf(pid) })),
  );
  return found.flatMap(({ pid, startTime }) =>
    startTime === undefined ? [] : [{ pid, startTime }],
  );
}

async function isGone({ pid, startTime }: Identity): Promise<boolean> {
  return (await startTimeOf(pid)) !== startTime;
}

async function newestBinaries(): Promise<string> {
  const versions = await readdir(VERSIONS).catch(() => []);
  const newest = versions.map(Number).sort((a, b) => b - a)[0];
  if (newest === undefined)
    throw new LabError(
      'Cannot start Postgres',
      `no server under ${VERSIONS}`,
      'apt-get install postgresql-15',
    );
  return `${VERSIONS}/${newest}/bin`;
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

// Postgres refuses to run as root.
function asPostgresUser(): string[] {
  if (!isRoot()) return [];
  return [
    'setpriv',
    '--reuid',
    'postgres',
    '--regid',
    'postgres',
    '--clear-groups',
    '--pdeathsig',
    'KILL',
    '--',
  ];
}
