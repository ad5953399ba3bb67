import { Inject, Injectable } from '@nestjs/common';
import { ReadEvents, type EventView } from '@gantry/contracts';
import { kindOf, Log, messageOf } from '@gantry/service-kit';
import { ProblemException } from '../http/problem.js';
import { AuditQueries } from '../queries/audit-queries.js';
import type { OpenStream } from './stream-registry.js';

/** What one reader is to be sent. */
export interface Following {
  readonly entry: OpenStream;
  /** Position of the last event the reader has. */
  readonly after: string | undefined;
  /** Reads the state that is sent along after changes. */
  readonly view?: () => Promise<{ readonly version: number }>;
}

const PAGE = 200;
const IDLE_MS = 2_000;
const SOON_MS = 100;

interface Progress {
  after: string | undefined;
  /** Stream version of the last event sent, and of the last state sent. */
  sentVersion: number;
  viewVersion: number;
}

/**
 * Feeds one reader: everything after its position, in the order of the feed, read from audit. The live copy of the log only
 * says *that* there is news; what it is always comes from the read, so that nothing is missed, repeated or out of order.
 */
@Injectable()
export class EventPump {
  constructor(
    private readonly queries: AuditQueries,
    @Inject(Log) private readonly log: Log,
  ) {}

  /** Runs until the reader is gone. */
  async run(following: Following): Promise<void> {
    const { writer, waker } = following.entry;
    const progress: Progress = { after: following.after, sentVersion: 0, viewVersion: 0 };
    let hinted = false;
    while (!writer.closed) {
      const upToDate = await this.roundOrNothing(following, progress, hinted);
      hinted = await waker.sleep(upToDate ? IDLE_MS : SOON_MS);
    }
  }

  /** A reader whose source is down stays connected and gets everything once it is back. */
  private async roundOrNothing(
    following: Following,
    progress: Progress,
    hinted: boolean,
  ): Promise<boolean> {
    try {
      return await this.round(following, progress, hinted);
    } catch (error) {
      if (!isPassing(error))
        this.log.error('event stream could not be fed', { error: messageOf(error) });
      return true;
    }
  }

  /** Reads and sends until nothing is left; tells whether everything known of is sent. */
  private async round(
    { entry, view }: Following,
    progress: Progress,
    hinted: boolean,
  ): Promise<boolean> {
    let sent = 0;
    for (;;) {
      const page = await this.page(entry, progress.after);
      for (const item of page) {
        await entry.writer.send('log', item, item.position);
        progress.after = item.position;
        progress.sentVersion = item.version;
      }
      sent += page.length;
      if (page.length < PAGE || entry.writer.closed) break;
    }
    if (view !== undefined) await this.sendView(entry, view, progress);
    // News was announced but could not be read yet: the copy on the bus was faster than the read model.
    const behind = hinted && sent === 0;
    return !behind && (view === undefined || progress.viewVersion >= progress.sentVersion);
  }

  private async page(entry: OpenStream, after: string | undefined): Promise<EventView[]> {
    const { items } = await this.queries.ask(ReadEvents, {
      limit: PAGE,
      ...(entry.stream === undefined ? {} : { stream: entry.stream }),
      ...(after === undefined ? {} : { after }),
    });
    return items;
  }

  private async sendView(
    entry: OpenStream,
    read: NonNullable<Following['view']>,
    progress: Progress,
  ): Promise<void> {
    if (progress.viewVersion > 0 && progress.viewVersion >= progress.sentVersion) return;
    const view = await read();
    if (view.version <= progress.viewVersion) return;
    await entry.writer.send('view', view);
    progress.viewVersion = view.version;
  }
}

const isPassing = (error: unknown): boolean =>
  kindOf(error) === 'unavailable' ||
  (error instanceof ProblemException && error.parts.status === 503);
