import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError, type Workspace, type ManagedProcess } from '@gantry/lab';
import { REPO_ROOT } from './repo-root.js';

/** How a service of Gantry is started as a process of its own. */
export interface ServiceSpec {
  readonly workspace: Workspace;
  readonly name: string;
  /** Tells replicas apart; the first is 1. */
  readonly replica?: number;
  readonly env: Readonly<Record<string, string>>;
}

const DEADLINE_MS = 60_000;

/** One service process: its port, its log, its end, and its restart on the same settings. */
export class ServiceProcess {
  private process: ManagedProcess | undefined;
  private starts = 0;
  private port = 0;

  constructor(private readonly spec: ServiceSpec) {}

  get name(): string {
    return this.spec.name;
  }

  get pid(): number | undefined {
    return this.process?.pid;
  }

  get alive(): boolean {
    return this.process?.alive ?? false;
  }

  get httpPort(): number {
    return this.port;
  }

  get logFile(): string {
    const { workspace, name, replica = 1 } = this.spec;
    return workspace.path('logs', `${name}-${replica}.${this.starts}.log`);
  }

  /** Starts it, this once with these variables more, and waits for its line `ready`. */
  async up(more: Readonly<Record<string, string>> = {}): Promise<void> {
    const { workspace, name, env } = this.spec;
    await workspace.folder('logs');
    this.starts += 1;
    this.process = await workspace.start({
      name,
      argv: [
        process.execPath,
        '--enable-source-maps',
        join(REPO_ROOT, 'services', name, 'dist', 'main.js'),
      ],
      logFile: this.logFile,
      // Started again it is found where it was.
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'production',
        GANTRY_HTTP_PORT: String(this.port),
        ...env,
        ...more,
      },
      ready: () => this.isReady(),
      deadlineMs: DEADLINE_MS,
      advice: 'read the log above; after a change of sources, build again: npm run build',
    });
  }

  /** Dies at once, as in a crash. */
  async kill9(): Promise<void> {
    await this.process?.kill9();
  }

  /** Resolves when the process has ended, by whatever cause. */
  async ended(): Promise<void> {
    await this.process?.exited;
  }

  signal(signal: NodeJS.Signals): void {
    this.process?.signal(signal);
  }

  /** Asks it to end, and waits until it has; its exit code. */
  async terminate(): Promise<number | null> {
    this.process?.signal('SIGTERM');
    return (await this.process?.exited) ?? null;
  }

  async stop(): Promise<void> {
    await this.process?.stop();
  }

  /** The end of its log, for error messages. */
  async tail(lines = 20): Promise<string> {
    const text = await readFile(this.logFile, 'utf8').catch(() => '');
    return text.trimEnd().split('\n').slice(-lines).join('\n');
  }

  private async isReady(): Promise<boolean> {
    const text = await readFile(this.logFile, 'utf8').catch(() => '');
    const line = text.split('\n').find((l) => l.includes('"ready"'));
    if (line === undefined) return false;
    const fields = JSON.parse(line) as { httpPort?: unknown };
    if (typeof fields.httpPort !== 'number')
      throw new LabError(`${this.name} is ready without a port`, line, 'mend its log line');
    this.port = fields.httpPort;
    return true;
  }
}
