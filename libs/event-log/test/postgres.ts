import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { logMigrations, runMigrations, type MigrationClass } from '../src/index.js';

const BIN = process.env['PG_BIN'] ?? '/usr/lib/postgresql/15/bin';
const TEMPLATE = 'gantry_template';

/** A private Postgres for one spec file: own port, own directory, fsync on; gone at the end, also after a crash. */
export class TestPostgres {
  private databases = 0;
  private readonly janitor: ChildProcess;

  private constructor(
    private readonly home: string,
    readonly port: number,
  ) {
    this.janitor = startJanitor(home);
  }

  /** Starts a cluster whose template database holds the log's tables and those of `migrations`. */
  static async start(
    migrations: readonly MigrationClass[] = logMigrations,
    folder = tmpdir(),
  ): Promise<TestPostgres> {
    const home = mkdtempSync(join(folder, 'gantry-pg-'));
    chmodSync(home, 0o755);
    const pg = new TestPostgres(home, await freePort());
    const data = join(home, 'data');
    mkdirSync(data, { mode: 0o700 });
    if (isRoot()) chownSync(data, postgresId('uid'), postgresId('gid'));
    run('initdb', [
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
      '--no-sync',
    ]);
    pg.up();
    await pg.sql(`CREATE DATABASE ${TEMPLATE}`);
    await runMigrations({ url: pg.url(TEMPLATE), migrations });
    return pg;
  }

  url(database: string, user = 'postgres'): string {
    return `postgresql://${user}@127.0.0.1:${this.port}/${database}`;
  }

  /** A database of its own with all tables; the URL is the owner's (a superuser). */
  async freshDatabase(): Promise<string> {
    const name = `t${++this.databases}`;
    await this.sql(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
    return name;
  }

  /** A database without any tables. */
  async emptyDatabase(): Promise<string> {
    const name = `t${++this.databases}`;
    await this.sql(`CREATE DATABASE ${name}`);
    return name;
  }

  /** Runs SQL as superuser, on a connection of its own. */
  async sql<R = Record<string, unknown>>(
    text: string,
    params: unknown[] = [],
    database = 'postgres',
  ): Promise<R[]> {
    const client = new Client({ connectionString: this.url(database) });
    await client.connect();
    try {
      return (await client.query(text, params)).rows as R[];
    } finally {
      await client.end();
    }
  }

  up(options: readonly string[] = []): void {
    const flags = [
      `-p ${this.port}`,
      `-k ''`,
      '-c listen_addresses=127.0.0.1',
      '-c max_connections=150',
      ...options.map((option) => `-c ${option}`),
    ];
    run('pg_ctl', [
      '-D',
      join(this.home, 'data'),
      '-l',
      join(this.home, 'data', 'log'),
      '-w',
      '-o',
      flags.join(' '),
      'start',
    ]);
  }

  down(mode: 'fast' | 'immediate' = 'fast'): void {
    run('pg_ctl', ['-D', join(this.home, 'data'), '-m', mode, '-w', 'stop']);
  }

  /** Stops and starts the server; `immediate` is a crash with recovery. */
  restart(mode: 'fast' | 'immediate' = 'fast', options: readonly string[] = []): void {
    this.down(mode);
    this.up(options);
  }

  /** Ends the server and removes every file. */
  async destroy(): Promise<void> {
    const gone = once(this.janitor, 'exit');
    this.janitor.stdin?.end();
    await gone;
  }
}

/** A process that outlives us: once our end of its input is closed, for whatever reason, it clears up. */
function startJanitor(home: string): ChildProcess {
  const [file, args] = asPostgres('pg_ctl', [
    '-D',
    join(home, 'data'),
    '-m',
    'immediate',
    '-w',
    'stop',
  ]);
  const script = 'cat >/dev/null; home=$1; shift; "$@" >/dev/null 2>&1; rm -rf "$home"';
  const janitor = spawn('sh', ['-c', script, 'janitor', home, file, ...args], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
  });
  janitor.unref();
  return janitor;
}

/** Postgres refuses to run as root. */
function asPostgres(program: string, args: readonly string[]): [string, string[]] {
  const file = join(BIN, program);
  if (!isRoot()) return [file, [...args]];
  return [
    'setpriv',
    ['--reuid', 'postgres', '--regid', 'postgres', '--clear-groups', file, ...args],
  ];
}

function run(program: string, args: readonly string[]): void {
  const [file, all] = asPostgres(program, args);
  const result = spawnSync(file, all, {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    cwd: '/',
  });
  if (result.status !== 0) {
    throw new Error(
      `${program} ${args.join(' ')} failed: ${result.error?.message ?? result.stderr}`,
    );
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function postgresId(which: 'uid' | 'gid'): number {
  const result = spawnSync('id', [which === 'uid' ? '-u' : '-g', 'postgres'], { encoding: 'utf8' });
  if (result.status !== 0)
    throw new Error('Tests as root need the OS user "postgres": apt-get install postgresql-15');
  return Number(result.stdout.trim());
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
