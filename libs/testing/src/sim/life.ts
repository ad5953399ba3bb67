import type { Owner, Simulation, Task } from './simulation.js';

/** Thrown into a transaction whose process died: the database rolls back, and nobody hears of it. */
export class ProcessDiedError extends Error {
  constructor(name: string) {
    super(`${name} died`);
    this.name = 'ProcessDiedError';
  }
}

const NEVER = new Promise<never>(() => undefined);

/** From one start of a process to its death. All that the process does to the world goes through here, so that death stops it. */
export class Life implements Owner {
  alive = true;
  private frozen = false;
  private readonly held: Task[] = [];
  private readonly onDeath: (() => void)[] = [];
  private readonly onFreeze: (() => void)[] = [];

  constructor(
    readonly name: string,
    private readonly sim: Simulation,
    /** How long a message to another machine travels. */
    private readonly latencyMs: () => number,
  ) {}

  hold(task: Task): boolean {
    if (this.frozen) this.held.push(task);
    return this.frozen;
  }

  /** Does it later, if still alive. */
  after(ms: number, run: () => void): void {
    if (this.alive) this.sim.after(ms, run, this);
  }

  sleep(ms: number): Promise<void> {
    return this.alive ? new Promise((resolve) => this.after(ms, resolve)) : NEVER;
  }

  /** Sleeps within a transaction: death ends it with an error, so that the database can roll back. It is not frozen. */
  sleepInTransaction(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.sim.after(ms, () => (this.alive ? resolve() : reject(new ProcessDiedError(this.name))));
    });
  }

  /** Asks something outside: the effect is made even when the asker dies meanwhile, the answer then reaches nobody. */
  call<T>(effect: () => T | Promise<T>): Promise<T> {
    if (!this.alive) return NEVER;
    return new Promise((resolve, reject) => {
      this.sim.after(this.latencyMs(), () => {
        void Promise.resolve()
          .then(effect)
          .then(
            (value) => this.after(this.latencyMs(), () => resolve(value)),
            (error: unknown) => {
              // The real error, whatever it is: handlers are judged by how they treat it.
              // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- see above.
              this.after(this.latencyMs(), () => reject(error));
            },
          );
      });
    });
  }

  /** Never returns: for a process that is dead by now. */
  get never(): Promise<never> {
    return NEVER;
  }

  whenItDies(run: () => void): void {
    this.onDeath.push(run);
  }

  whenFrozen(run: () => void): void {
    this.onFreeze.push(run);
  }

  end(): void {
    if (!this.alive) return;
    this.alive = false;
    for (const run of this.onDeath) run();
  }

  freeze(): void {
    this.frozen = true;
    for (const run of this.onFreeze) run();
  }

  thaw(): void {
    this.frozen = false;
    this.sim.again(this.held.splice(0));
  }

  get isFrozen(): boolean {
    return this.frozen;
  }
}
