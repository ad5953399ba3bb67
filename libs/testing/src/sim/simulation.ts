import { Random } from './random.js';
import { Trace } from './trace.js';

/** Whoever a task belongs to: it is skipped when its owner has died, and waits while its owner is frozen. */
export interface Owner {
  readonly alive: boolean;
  /** Takes a task that came up while the owner is frozen; false = run it. */
  hold(task: Task): boolean;
}

/** Something that will happen. */
export interface Task {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
  readonly owner: Owner | undefined;
}

/**
 * A world in which one thing happens at a time: tasks by their time, ties by the seed. After each, every promise that can go
 * on does so before the next. The same seed gives the same order, and nothing but the tasks lets time pass.
 */
export class Simulation {
  readonly random: Random;
  readonly trace = new Trace(() => this.clockMs);
  steps = 0;
  private clockMs = 0;
  private tasks: Task[] = [];
  private readonly ties: Random;
  private failure: Error | undefined;

  constructor(
    readonly seed: string,
    /** What the clock shows when the play begins. */
    readonly startMs = Date.parse('2026-01-01T00:00:00.000Z'),
  ) {
    this.random = new Random(seed);
    this.ties = this.random.fork('ties');
  }

  /** Milliseconds since the play began. */
  get elapsedMs(): number {
    return this.clockMs;
  }

  /** Epoch milliseconds, as clocks in the world show them. */
  get nowMs(): number {
    return this.startMs + this.clockMs;
  }

  now(): Date {
    return new Date(this.nowMs);
  }

  /** How many things are still to happen. */
  get pending(): number {
    return this.tasks.length;
  }

  after(delayMs: number, run: () => void, owner?: Owner): void {
    const atMs = this.clockMs + Math.max(0, delayMs);
    this.tasks.push({ atMs, order: this.ties.next(), run, owner });
  }

  /** Tasks that had to wait come up again, now and before everything else, in the order in which they came up first. */
  again(held: readonly Task[]): void {
    const before = -held.length;
    held.forEach((task, at) => {
      this.tasks.push({ ...task, atMs: this.clockMs, order: before + at });
    });
  }

  /** Somebody failed in a way that nobody may: ends the play. */
  fail(error: unknown): void {
    this.failure ??= error instanceof Error ? error : new Error(String(error));
  }

  /** Lets the next thing happen. False when nothing is to happen any more. */
  async step(): Promise<boolean> {
    const task = this.take();
    if (task === undefined) return false;
    this.clockMs = Math.max(this.clockMs, task.atMs);
    if (task.owner?.alive === false || task.owner?.hold(task) === true) return true;
    this.steps += 1;
    task.run();
    await quiet();
    if (this.failure !== undefined) throw this.failure;
    return true;
  }

  private take(): Task | undefined {
    let first = -1;
    this.tasks.forEach((task, at) => {
      const best = this.tasks[first];
      if (best === undefined || isBefore(task, best)) first = at;
    });
    return first < 0 ? undefined : this.tasks.splice(first, 1)[0];
  }
}

const isBefore = (a: Task, b: Task): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

/** Every promise that can go on has done so when the event loop comes round. */
const quiet = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
