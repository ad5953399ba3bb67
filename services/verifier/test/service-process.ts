import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The verifier as a process of its own: what kill -9 is done to. */
export class ServiceProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly httpPort: number,
  ) {}

  /** Compiles the service: a process runs what `tsc -b` made. */
  static async build(): Promise<void> {
    await promisify(execFile)('node', ['node_modules/typescript/bin/tsc', '-b', PACKAGE], {
      cwd: ROOT,
    });
  }

  /** `lines` gets every line it logs. */
  static async start(
    env: Readonly<Record<string, string>>,
    lines: string[],
  ): Promise<ServiceProcess> {
    const child = spawn('node', ['dist/main.js'], {
      cwd: PACKAGE,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return new Promise((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        lines.push(line);
        const entry = JSON.parse(line) as { msg?: string; httpPort?: number };
        if (entry.msg === 'ready') resolve(new ServiceProcess(child, entry.httpPort ?? 0));
      });
      child.once('exit', () =>
        reject(new Error(`the verifier ended before it was ready:\n${lines.join('\n')}`)),
      );
    });
  }

  async metrics(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.httpPort}/metrics`)).text();
  }

  kill9(): Promise<void> {
    return this.end('SIGKILL');
  }

  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    await exited;
  }
}
