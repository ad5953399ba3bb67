import { Life } from './life.js';
import type { Simulation } from './simulation.js';

/** A place in the code at which a process may be killed: who, where, and what it is just about. */
export interface CrashPoint {
  readonly process: string;
  readonly point: string;
  readonly about: readonly string[];
}

/** What a process needs of the world around it. */
export interface ProcessParts {
  readonly sim: Simulation;
  readonly name: string;
  /** Makes the parts of the process anew and lets it begin. */
  readonly boot: (life: Life) => void;
}

/** A process that may be killed, started again, stopped and continued. Nothing but the world survives its death. */
export class SimProcess {
  private current: Life | undefined;
  lives = 0;

  constructor(private readonly parts: ProcessParts) {}

  get name(): string {
    return this.parts.name;
  }

  get isUp(): boolean {
    return this.current?.alive === true;
  }

  get life(): Life | undefined {
    return this.current;
  }

  start(): void {
    const { sim, name, boot } = this.parts;
    if (this.isUp) return;
    this.lives += 1;
    const latency = sim.random.fork(`latency ${name} ${this.lives}`);
    const life = new Life(name, sim, () => latency.between(1, 20));
    this.current = life;
    sim.trace.note(name, this.lives === 1 ? 'starts' : 'starts again');
    boot(life);
  }

  kill(why = 'is killed'): void {
    if (!this.isUp) return;
    this.parts.sim.trace.note(this.name, why);
    this.current?.end();
  }

  /** Killed, and started again after a while. */
  restart(afterMs: number, why?: string): void {
    this.kill(why);
    this.parts.sim.after(afterMs, () => this.start());
  }

  /** Does nothing for a while, and does not know it. */
  freeze(forMs: number): void {
    const life = this.current;
    if (life?.alive !== true || life.isFrozen) return;
    this.parts.sim.trace.note(this.name, `is stopped for ${forMs} ms`);
    life.freeze();
    this.parts.sim.after(forMs, () => {
      this.parts.sim.trace.note(this.name, 'goes on');
      life.thaw();
    });
  }
}
