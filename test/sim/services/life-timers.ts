import type { Life } from '@gantry/testing/sim';
import type { Timers } from '../../../services/orchestrator/src/persistence/timers.repository.js';
import type { TimerLoop } from '../../../services/orchestrator/src/timers/timer-loop.js';
import type { World } from '../world/world.js';

const POLL_MS = 200;

/**
 * Lets a life's timer loop look when something is due, up to one poll later, instead of at every poll: what it finds is the
 * same, and a play does not consist of looking at nothing.
 */
export class LifeTimers {
  private readonly loop: Pick<TimerLoop, 'now'>;
  private nextMs = Infinity;

  constructor(
    private readonly world: World,
    private readonly life: Life,
    make: (timers: Timers) => Pick<TimerLoop, 'now'>,
  ) {
    const { tables } = world.database;
    this.loop = make({
      takeDue: (limit, pushBackMs) =>
        life.call(() => {
          if (world.databaseIsAway) throw new Error('the database does not answer');
          return tables.takeDue(limit, pushBackMs);
        }),
    });
  }

  start(): void {
    this.world.onCommit(this.life, () => this.plan());
    this.plan();
  }

  private plan(): void {
    const { sim, database } = this.world;
    const due = Math.min(...[...database.tables.timers.values()].map(({ dueMs }) => dueMs));
    if (due >= this.nextMs) return;
    this.nextMs = due;
    const late = sim.random.fork(`poll ${this.life.name} ${due}`).between(1, POLL_MS);
    this.life.after(Math.max(0, due - sim.nowMs) + late, () => {
      if (this.nextMs === due) void this.fire();
    });
  }

  private async fire(): Promise<void> {
    await this.loop.now();
    this.nextMs = Infinity;
    this.plan();
  }
}
