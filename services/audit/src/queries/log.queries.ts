import type { DataOf, EventView, QueryReplyOf, ReadEvents } from '@gantry/contracts';
import {
  compareCursors,
  FEED_START,
  parseFeedCursor,
  type EventLog,
  type FeedCursor,
  type RecordedEvent,
} from '@gantry/event-log';
import { GantryError } from '@gantry/service-kit';

const STREAM = /^([a-z]+)-(.+)$/;

/** Answers from the log itself: events as they stand there, also of types this version does not know. */
export class LogQueries {
  constructor(private readonly log: Pick<EventLog, 'readFeed' | 'readStream'>) {}

  async events({
    after,
    stream,
    limit,
  }: DataOf<typeof ReadEvents>): Promise<QueryReplyOf<'audit.events.read'>> {
    const from = after === undefined ? undefined : parseFeedCursor(after);
    const events =
      stream === undefined
        ? await this.log.readFeed(from, limit)
        : await this.ofStream(stream, from ?? FEED_START, limit);
    return { position: events.at(-1)?.cursor ?? after ?? null, items: events.map(eventView) };
  }

  private async ofStream(
    name: string,
    after: FeedCursor,
    limit: number,
  ): Promise<readonly RecordedEvent[]> {
    const [, type, id] = STREAM.exec(name) ?? [];
    if (type === undefined || id === undefined) {
      throw new GantryError(
        'invalid',
        'audit.bad-stream',
        'A stream is named by its type and id, such as deployment-018f….',
      );
    }
    const events = await this.log.readStream({ type, id });
    return events.filter(({ cursor }) => compareCursors(cursor, after) > 0).slice(0, limit);
  }
}

function eventView(event: RecordedEvent): EventView {
  const { cursor, streamType, streamId, streamVersion, type, metadata, data } = event;
  return {
    position: cursor,
    stream: `${streamType}-${streamId}`,
    version: streamVersion,
    type,
    at: metadata.occurredAt,
    actor: metadata.actor,
    correlationId: metadata.correlationId,
    causationId: metadata.causationId,
    data: data as Record<string, unknown>,
  };
}
