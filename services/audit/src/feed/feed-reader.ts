import { cursorBefore, FEED_START, parseFeedCursor, type EventLog } from '@gantry/event-log';
import { toLogEvent, type LogEvent } from '../projections/log-event.js';
import type { Batch, Generation, ReadModels } from './read-models.port.js';

const BATCH_SIZE = 200;

/** Brings a generation forward by one batch of the feed. */
export class FeedReader {
  constructor(
    private readonly log: Pick<EventLog, 'readFeed'>,
    private readonly models: Pick<ReadModels, 'advance' | 'startOver'>,
  ) {}

  /** Returns whether the feed may hold more. Throws `corrupt` for an event that cannot be read, once everything before it is applied. */
  async step({ generation, position }: Pick<Generation, 'generation' | 'position'>): Promise<{
    readonly position: string;
    readonly more: boolean;
    /** False when the generation stood elsewhere: nothing was written. */
    readonly applied: boolean;
    /** The log was restored to before this position: the generation is empty again. */
    readonly startedOver?: true;
  }> {
    if (!(await this.inLog(position))) {
      const applied = await this.models.startOver({ generation, position });
      return { position: FEED_START, more: true, applied, startedOver: true };
    }
    const recorded = await this.log.readFeed(parseFeedCursor(position), BATCH_SIZE);
    if (recorded.length === 0) return { position, more: false, applied: true };
    const events = readable(recorded.map((event) => () => toLogEvent(event)));
    const upTo = events.at(-1)?.position ?? position;
    const batch: Batch = { generation, after: position, upTo, events };
    const applied = await this.models.advance(batch);
    if (!applied) return { position, more: true, applied };
    const cut = events.length < recorded.length;
    return { position: upTo, more: cut || recorded.length === BATCH_SIZE, applied };
  }

  /** Whether the last event that was applied is still where it was. */
  private async inLog(position: string): Promise<boolean> {
    if (position === FEED_START) return true;
    const cursor = parseFeedCursor(position);
    const [event] = await this.log.readFeed(cursorBefore(cursor), 1);
    return event?.cursor === cursor;
  }

  /** How many events are not applied yet, up to a bound beyond which the number says no more. */
  async lag(position: string): Promise<number> {
    const recorded = await this.log.readFeed(parseFeedCursor(position), 1_000);
    return recorded.length;
  }
}

/** Events up to the first that cannot be read; that one's error only when nothing stands before it. */
function readable(parse: readonly (() => LogEvent)[]): readonly LogEvent[] {
  const events: LogEvent[] = [];
  for (const next of parse) {
    try {
      events.push(next());
    } catch (error) {
      if (events.length === 0) throw error;
      return events;
    }
  }
  return events;
}
