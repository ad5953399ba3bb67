import { createLogPool, logMigrations, PostgresEventLog, runMigrations } from '@gantry/event-log';
import type { Appender } from './appender.js';
import { sampleEvent } from './sample-event.js';
import { StreamWalk } from './stream-walk.js';

/** Gantry's log, as services use it. */
export async function gantryAppender(url: string, writers: number): Promise<Appender> {
  await runMigrations({ url, migrations: logMigrations });
  const pool = createLogPool({ url, maxConnections: writers });
  const log = new PostgresEventLog({ pool });
  const walk = new StreamWalk();
  return {
    name: 'Gantry',
    append: async (writer) => {
      const { id, version } = walk.next(writer);
      const stream = { type: 'deployment', id };
      await log.transact({
        streams: [stream],
        work: (tx) => tx.append(stream, version, [sampleEvent()]),
      });
    },
    close: () => pool.end(),
  };
}
