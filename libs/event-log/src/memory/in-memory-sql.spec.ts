import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { anEvent, aStream } from '../../test/events.js';
import { EventIdConflictError } from '../errors/event-id-conflict-error.js';
import { InMemoryEventLog } from './in-memory-event-log.js';

describe('the in-memory log', () => {
  it('says that it has no SQL, unless somebody answers for it', async () => {
    const work = (log: InMemoryEventLog): Promise<unknown> =>
      log.transact({ streams: [], work: (tx) => tx.query('SELECT $1', [1]) });
    await expect(work(new InMemoryEventLog())).rejects.toThrow(/has no SQL/);
    const answering = new InMemoryEventLog({
      query: (sql, params) => Promise.resolve([{ sql, params }]),
    });
    await expect(work(answering)).resolves.toMatchObject({
      value: [{ sql: 'SELECT $1', params: [1] }],
    });
  });

  it('records with the clock it is given', async () => {
    const log = new InMemoryEventLog({ now: () => new Date('2026-05-06T07:08:09.123Z') });
    const stream = aStream();
    await log.transact({ streams: [stream], work: (tx) => tx.append(stream, 0, [anEvent()]) });
    expect((await log.readStream(stream))[0]).toMatchObject({
      recordedAt: '2026-05-06T07:08:09.123Z',
    });
  });

  it('gives an id to one of two transactions that append it at the same time', async () => {
    const log = new InMemoryEventLog();
    const eventId = randomUUID();
    const tries = await Promise.allSettled(
      [aStream(), aStream()].map((stream) =>
        log.transact({
          streams: [stream],
          work: (tx) => tx.append(stream, 0, [anEvent({ eventId })]),
        }),
      ),
    );
    expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = tries.find((one) => one.status === 'rejected');
    expect(lost?.reason).toBeInstanceOf(EventIdConflictError);
  });
});
