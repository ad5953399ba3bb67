import type { QueryReplyOf } from '@gantry/contracts';
import { FEED_START } from '@gantry/event-log';
import type { FeedReader } from '../feed/feed-reader.js';
import type { ReadModelFollower } from '../feed/read-model.follower.js';
import type { ReadModels } from '../feed/read-models.port.js';
import type { Rebuild } from '../feed/rebuild.js';

/** Answers about the read models themselves. */
export class UpkeepQueries {
  constructor(
    private readonly models: ReadModels,
    private readonly reader: FeedReader,
    private readonly follower: ReadModelFollower,
    private readonly rebuilding: Rebuild,
  ) {}

  async status(): Promise<QueryReplyOf<'audit.status.get'>> {
    const { position } = await this.models.current();
    return {
      position: placeOf(position),
      lagEvents: await this.reader.lag(position),
      parkedProjection: this.follower.parked ?? null,
    };
  }

  async rebuild(): Promise<QueryReplyOf<'audit.read-models.rebuild'>> {
    const { position, events } = await this.rebuilding.run();
    this.follower.resume();
    return { position: placeOf(position), events };
  }
}

const placeOf = (position: string): string | null => (position === FEED_START ? null : position);
