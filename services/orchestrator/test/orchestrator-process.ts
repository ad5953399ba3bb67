import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** A line of a service's log. */
export interface LogLine {
  readonly msg?: string;
  readonly level?: string;
  readonly httpPort?: number;
  readonly stream?: string;
}

/** An orchestrator as a process of its own: what kill -9 is done to. */
export class OrchestratorProcess {
  readonly lines: LogLine[] = [];
  private httpPort = 0;

  private constructor(private readonly child: ChildProcess) {}

  /** Compiles the service: a process runs what `tsc -b` made. */
  static async build(): Promise<void> {
    const tsc = ['node_modules/typescript/bin/tsc', '-b', PACKAGE];
    await promisify(execFile)('node', tsc, { cwd: ROOT });
  }

  static async start(env: Readonly<Record<string, string>>): Promise<OrchestratorProcess> {
    const child = spawn('node', ['dist/main.js'], {
      cwd: PACKAGE,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const started = new OrchestratorProcess(child);
    await new Promise<void>((resolve, reject) => {
      child.once('exit', () => {
        reject(new Error(`ended before it was ready: ${JSON.stringify(started.lines.slice(-5))}`));
      });
      createInterface({ input: child.stdout }).on('line', (line) => {
        const entry = JSON.parse(line) as LogLine;
        started.lines.push(entry);
        if (entry.msg !== 'ready') return;
        started.httpPort = entry.httpPort ?? 0;
        resolve();
      });
    });
    return started;
  }

  /** Whether the service says that it can do its work. */
  async ready(): Promise<boolean> {
    const response = await fetch(`http://127.0.0.1:${this.httpPort}/readyz`).catch(() => undefined);
    return response?.status === 200;
  }

  /** The value of one of its metrics with this among its labels. */
  async metric(name: string, label: string): Promise<number> {
    const response = await fetch(`http://127.0.0.1:${this.httpPort}/metrics`);
    const lines = (await response.text()).split('\n');
    const found = lines.find((line) => line.startsWith(`${name}{`) && line.includes(label));
    return Number(found?.split(' ').at(-1));
  }

  said(msg: string): readonly LogLine[] {
    return this.lines.filter((line) => line.msg === msg);
  }

  /** Whether it dies within the time. */
  async endsWithin(limitMs: number): Promise<boolean> {
    if (this.ended) return true;
    const signal = AbortSignal.timeout(limitMs);
    return once(this.child, 'exit', { signal }).then(
      () => true,
      () => false,
    );
  }

  kill9(): Promise<void> {
    return this.end('SIGKILL');
  }

  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  private get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    if (this.ended) return;
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    await exited;
  }
}
