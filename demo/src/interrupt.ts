import { say } from './terminal.js';

/** Ctrl-C (or SIGTERM): the first ends the demo in order, the second at once. */
export class Interrupt {
  /** What a shell says of a program that ended by Ctrl-C. */
  static readonly EXIT_CODE = 130;
  private readonly abort = new AbortController();
  readonly comes: Promise<void>;

  constructor() {
    this.comes = new Promise((resolve) =>
      this.signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(name, () => this.onSignal());
  }

  get signal(): AbortSignal {
    return this.abort.signal;
  }

  /** What the work brings, or undefined when the interrupt comes first: the work is then left where it is. */
  or<T>(work: Promise<T>): Promise<T | undefined> {
    return Promise.race([work, this.comes.then(() => undefined)]);
  }

  private onSignal(): void {
    // Daemons die with us, and the next lab sweeps what is left: a hanging clean-up need not hold anybody up.
    if (this.signal.aborted) process.exit(Interrupt.EXIT_CODE);
    say('stopping: everything that was started is taken down again (Ctrl-C once more: at once)');
    this.abort.abort();
  }
}
