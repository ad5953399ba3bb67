import type { Batch, Generation, ReadModels, Switched } from '../src/feed/read-models.port.js';
import type { ModelName } from '../src/projections/projection.js';
import { MemoryModels } from './memory-models.js';

interface Kept {
  position: string;
  events: number;
  readonly rows: MemoryModels;
}

/** Read models in memory, with generations as the database has them. */
export class MemoryReadModels implements ReadModels {
  private readonly generations = new Map<number, Kept>([[1, empty()]]);
  private present = 1;
  private failure: Error | undefined;
  private forgetful = false;
  private changed: () => void = () => undefined;

  current(): Promise<Generation> {
    const { failure } = this;
    this.failure = undefined;
    this.tick();
    if (failure !== undefined) return Promise.reject(failure);
    return Promise.resolve(this.describe(this.present));
  }

  advance({ generation, after, upTo, events }: Batch): Promise<boolean> {
    const kept = this.generations.get(generation);
    if (kept?.position !== after) return Promise.resolve(false);
    kept.rows.apply(events);
    kept.position = upTo;
    kept.events += events.length;
    this.tick();
    return Promise.resolve(true);
  }

  startOver({
    generation,
    position,
  }: Pick<Generation, 'generation' | 'position'>): Promise<boolean> {
    if (this.generations.get(generation)?.position !== position) return Promise.resolve(false);
    this.generations.set(generation, empty());
    this.tick();
    return Promise.resolve(true);
  }

  rebuilding<T>(work: (generation: number) => Promise<T>): Promise<T> {
    const generation = this.present + 1;
    if (!this.forgetful) this.generations.set(generation, empty());
    return work(generation);
  }

  switchTo(generation: number): Promise<Switched> {
    this.present = generation;
    return Promise.resolve({ switched: true, ...this.describe(generation) });
  }

  /** The next reading fails with this. */
  failNext(error: Error): void {
    this.failure = error;
  }

  /** New generations are gone at once, as if another replica had removed them. */
  forgetRebuilds(): void {
    this.forgetful = true;
  }

  row(model: ModelName, key: string): unknown {
    return this.kept(this.present).rows.row(model, key);
  }

  /** Resolves when so many events are applied. */
  reaches(events: number): Promise<void> {
    return this.until(() => this.kept(this.present).events >= events);
  }

  /** Resolves when the condition holds; looked at whenever something was read or written. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.changed = resolve;
        setImmediate(resolve);
      });
    }
  }

  private tick(): void {
    this.changed();
  }

  private describe(generation: number): Generation {
    const { position, events } = this.kept(generation);
    return { generation, position, events };
  }

  private kept(generation: number): Kept {
    const kept = this.generations.get(generation);
    if (kept === undefined) throw new Error(`no generation ${generation}`);
    return kept;
  }
}

const empty = (): Kept => ({ position: '0:0', events: 0, rows: new MemoryModels() });
