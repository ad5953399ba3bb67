import {
  CommitUnknownError,
  LogUnavailableError,
  type EventLog,
  type FeedCursor,
  type LogTransaction,
  type NewEvent,
  type RecordedEvent,
  type StreamId,
  type TransactionInput,
  type TransactionOutcome,
} from '@gantry/event-log';
import { ProcessDiedError, type Life, type Random } from '@gantry/testing/sim';
import type { World } from '../world/world.js';

/** The database as one life of the orchestrator reaches it: over a network, at times not at all, and at times without an answer. */
export class LifeEventLog implements EventLog {
  private readonly luck: Random;

  constructor(
    private readonly world: World,
    private readonly life: Life,
  ) {
    this.luck = world.sim.random.fork(`database ${life.name} ${world.uuid()}`);
  }

  async transact<T>(input: TransactionInput<T>): Promise<TransactionOutcome<T>> {
    const { life, world } = this;
    await this.travel();
    const written: NewEvent[] = [];
    let result: TransactionOutcome<T>;
    try {
      const work = (tx: LogTransaction): Promise<T> => this.work(tx, input, written);
      result = await world.database.transact({ ...input, work });
    } catch (error) {
      if (error instanceof ProcessDiedError) return life.never;
      await this.travelBack();
      throw error;
    }
    if (result.outcome === 'committed') world.committed();
    if (written.length > 0 && world.crash.reach(life, 'after-append', typesOf(written)))
      return life.never;
    await this.travelBack();
    if (written.length > 0 && this.luck.chance(world.untoldCommits / 100)) {
      world.branches.hit('commit untold');
      throw new CommitUnknownError('the connection was cut while committing');
    }
    return result;
  }

  async readStream(stream: StreamId, fromVersion?: number): Promise<readonly RecordedEvent[]> {
    await this.travel();
    const events = await this.world.database.readStream(stream, fromVersion);
    await this.travelBack();
    return events;
  }

  async readFeed(after: FeedCursor | undefined, limit: number): Promise<readonly RecordedEvent[]> {
    await this.travel();
    const events = await this.world.database.readFeed(after, limit);
    await this.travelBack();
    return events;
  }

  findEvent(eventId: string): Promise<RecordedEvent | undefined> {
    return this.world.database.findEvent(eventId);
  }

  pruneInbox(olderThanMs: number): Promise<number> {
    return this.world.database.pruneInbox(olderThanMs);
  }

  private async work<T>(
    tx: LogTransaction,
    input: TransactionInput<T>,
    written: NewEvent[],
  ): Promise<T> {
    written.length = 0;
    const append = tx.append.bind(tx);
    const noted = async (...args: Parameters<LogTransaction['append']>): Promise<void> => {
      await append(...args);
      written.push(...args[2]);
    };
    const value = await input.work(Object.assign(tx, { append: noted }));
    if (written.length > 0 && this.world.crash.reach(this.life, 'before-append', typesOf(written)))
      throw new ProcessDiedError(this.life.name);
    return value;
  }

  private async travel(): Promise<void> {
    await this.life.sleep(this.luck.between(1, 4));
    if (!this.world.databaseIsAway) return;
    this.world.branches.hit('database away');
    throw new LogUnavailableError('the database does not answer');
  }

  private travelBack(): Promise<void> {
    return this.life.sleep(this.luck.between(0, 3));
  }
}

const typesOf = (written: readonly NewEvent[]): readonly string[] =>
  written.map(({ type }) => type);
