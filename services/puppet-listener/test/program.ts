import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { waitUntil } from '@gantry/lab';

/** One of our programs as a process of its own, with its log lines. */
export class Program {
  readonly lines: Record<string, unknown>[] = [];
  private child: ChildProcess | undefined;

  constructor(
    private readonly script: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** Starts it and waits until it says that it is ready. */
  async start(): Promise<this> {
    const before = this.count('ready');
    const child = spawn(process.execPath, [this.script], {
      env: { PATH: process.env['PATH'] ?? '', HOME: '/root', ...this.env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.child = child;
    let rest = '';
    child.stdout.on('data', (chunk: Buffer) => {
      const parts = (rest + chunk.toString()).split('\n');
      rest = parts.pop() ?? '';
      this.lines.push(...parts.map((line) => JSON.parse(line) as Record<string, unknown>));
    });
    await waitUntil(() => this.count('ready') > before || child.exitCode !== null, {
      deadlineMs: 30_000,
      onTimeout: () =>
        new Error(`${this.script} is not ready: ${JSON.stringify(this.lines.slice(-3))}`),
    });
    if (child.exitCode !== null)
      throw new Error(`${this.script} ended: ${JSON.stringify(this.lines.at(-1))}`);
    return this;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  count(message: string): number {
    return this.lines.filter((line) => line['msg'] === message).length;
  }

  async kill(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
}
