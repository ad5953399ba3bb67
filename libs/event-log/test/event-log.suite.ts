import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import {
  compareCursors,
  ConcurrencyError,
  EventIdConflictError,
  InvalidEventError,
  TransactionClosedError,
  type EventCodec,
  type EventLog,
  type NewEvent,
  type RecordedEvent,
  type StreamId,
} from '../src/index.js';
import { anEvent, aStream } from './events.js';

/** Makes a log that starts empty; called once per suite. */
export type LogFactory = (codec?: EventCodec) => Promise<EventLog> | EventLog;

async function append(
  log: EventLog,
  stream: StreamId,
  version: number,
  events: readonly NewEvent[],
): Promise<void> {
  await log.transact({
    streams: [stream],
    work: (tx) => tx.append(stream, version, events),
  });
}

const versions = (events: readonly RecordedEvent[]): readonly number[] =>
  events.map(({ streamVersion }) => streamVersion);

/** What every event log must do, the fake one and the real one. */
export function eventLogSuite(name: string, make: LogFactory): void {
  describe(`${name}: an event log`, () => {
    let log: EventLog;
    beforeAll(async () => {
      log = await make();
    });

    describe('appending', () => {
      it('returns what was appended, with version, place and hashes', async () => {
        const stream = aStream();
        const [first, second] = [anEvent(), anEvent({ type: 'step.failed', data: { n: 1 } })];
        const outcome = await log.transact({
          streams: [stream],
          work: async (tx) => {
            expect(tx.version(stream)).toBe(0);
            await tx.append(stream, 0, [first, second]);
            return 'decided';
          },
        });
        const events = await log.readStream(stream);
        expect(events).toMatchObject([
          { ...first, streamType: 'deployment', streamId: stream.id, streamVersion: 1 },
          { ...second, streamVersion: 2 },
        ]);
        expect(events[0]!.prevHash).toBe('0'.repeat(64));
        expect(events[1]!.prevHash).toBe(events[0]!.hash);
        expect(events[0]!.hash).toMatch(/^[0-9a-f]{64}$/);
        expect(outcome).toEqual({
          outcome: 'committed',
          value: 'decided',
          cursor: events[1]!.cursor,
        });
        expect(compareCursors(events[0]!.cursor, events[1]!.cursor)).toBeLessThan(0);
      });

      it('goes on behind the last version, in the same transaction and in the next', async () => {
        const stream = aStream();
        await log.transact({
          streams: [stream],
          work: async (tx) => {
            await tx.append(stream, 0, [anEvent()]);
            await tx.append(stream, 1, [anEvent()]);
            expect(tx.version(stream)).toBe(2);
            expect(versions(await tx.load(stream))).toEqual([1, 2]);
          },
        });
        await append(log, stream, 2, [anEvent()]);
        const events = await log.readStream(stream);
        expect(versions(events)).toEqual([1, 2, 3]);
        expect(events[2]!.prevHash).toBe(events[1]!.hash);
        expect(versions(await log.readStream(stream, 3))).toEqual([3]);
      });

      it('refuses another expected version than the stream has, and says both', async () => {
        const stream = aStream();
        await append(log, stream, 0, [anEvent()]);
        for (const wrong of [0, 2]) {
          const refused = append(log, stream, wrong, [anEvent()]);
          await expect(refused).rejects.toThrow(ConcurrencyError);
          await expect(refused).rejects.toThrow(/at version 1, not/);
        }
        expect(versions(await log.readStream(stream))).toEqual([1]);
      });

      it('lets exactly one of 32 writers win each version', async () => {
        const stream = aStream();
        for (let version = 0; version < 3; version += 1) {
          const tries = await Promise.allSettled(
            Array.from({ length: 32 }, () => append(log, stream, version, [anEvent()])),
          );
          expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
          for (const lost of tries) {
            if (lost.status === 'rejected') expect(lost.reason).toBeInstanceOf(ConcurrencyError);
          }
        }
        expect(versions(await log.readStream(stream))).toEqual([1, 2, 3]);
      });

      it('serialises transactions that load before they append: no conflict among 32', async () => {
        const stream = aStream();
        await Promise.all(
          Array.from({ length: 32 }, () =>
            log.transact({
              streams: [stream],
              work: async (tx) =>
                tx.append(stream, (await tx.load(stream)).length, [anEvent(), anEvent()]),
            }),
          ),
        );
        expect(versions(await log.readStream(stream))).toEqual(
          Array.from({ length: 64 }, (_, index) => index + 1),
        );
      });

      it('appends nothing when given no events', async () => {
        const stream = aStream();
        const outcome = await log.transact({
          streams: [stream],
          work: (tx) => tx.append(stream, 0, []),
        });
        expect(outcome).toEqual({ outcome: 'committed', value: undefined });
        expect(await log.readStream(stream)).toEqual([]);
      });
    });

    describe('repeating an append', () => {
      it('adds nothing for the same id and content, 100 times over, whatever version is expected', async () => {
        const stream = aStream();
        const events = [anEvent(), anEvent()];
        await append(log, stream, 0, events);
        for (let n = 0; n < 100; n += 1) await append(log, stream, n % 4, events);
        expect(versions(await log.readStream(stream))).toEqual([1, 2]);
      });

      it('does not mind other metadata: a repeated request has another trace', async () => {
        const stream = aStream();
        const event = anEvent();
        await append(log, stream, 0, [event]);
        const metadata = { ...event.metadata, traceparent: '00-1-2-01' };
        await append(log, stream, 1, [{ ...event, metadata }]);
        expect(versions(await log.readStream(stream))).toEqual([1]);
      });

      it.each([
        ['other data', { data: { other: true } }],
        ['another type', { type: 'step.failed' }],
        ['another schema version', { schemaVersion: 2 }],
      ])('refuses the same id with %s', async (_, change) => {
        const stream = aStream();
        const event = anEvent();
        await append(log, stream, 0, [event]);
        for (const version of [0, 1]) {
          const refused = append(log, stream, version, [{ ...event, ...change }]);
          await expect(refused).rejects.toThrow(EventIdConflictError);
        }
        expect(versions(await log.readStream(stream))).toEqual([1]);
      });

      it('refuses the same id in another stream, twice in one append, or only partly known', async () => {
        const [stream, other] = [aStream(), aStream()];
        const event = anEvent();
        await append(log, stream, 0, [event]);
        const fresh = anEvent();
        for (const [target, version, events] of [
          [other, 0, [event]],
          [other, 0, [fresh, fresh]],
          [stream, 1, [event, fresh]],
        ] as const) {
          await expect(append(log, target, version, events)).rejects.toThrow(EventIdConflictError);
        }
        expect(await log.readStream(other)).toEqual([]);
        expect(await log.findEvent(fresh.eventId)).toBeUndefined();
      });

      it('finds an event by its id', async () => {
        const stream = aStream();
        const event = anEvent();
        await append(log, stream, 0, [event]);
        expect(await log.findEvent(event.eventId)).toMatchObject({ ...event, streamVersion: 1 });
      });
    });

    describe('the inbox', () => {
      it('handles a message once per consumer', async () => {
        const stream = aStream();
        const messageId = randomUUID();
        const handle = (consumer: string): Promise<{ outcome: string }> =>
          log.transact({
            streams: [stream],
            inbox: { consumer, messageId },
            work: (tx) => tx.append(stream, tx.version(stream), [anEvent()]),
          });
        expect(await handle('a')).toMatchObject({ outcome: 'committed' });
        expect(await handle('a')).toEqual({ outcome: 'duplicate' });
        expect(await handle('b')).toMatchObject({ outcome: 'committed' });
        expect(versions(await log.readStream(stream))).toEqual([1, 2]);
      });

      it('lets one of 16 simultaneous deliveries through, on different streams too', async () => {
        const messageId = randomUUID();
        const streams = Array.from({ length: 16 }, () => aStream());
        const outcomes = await Promise.all(
          streams.map((stream) =>
            log.transact({
              streams: [stream],
              inbox: { consumer: 'a', messageId },
              work: (tx) => tx.append(stream, 0, [anEvent()]),
            }),
          ),
        );
        expect(outcomes.filter(({ outcome }) => outcome === 'committed')).toHaveLength(1);
        const written = await Promise.all(streams.map((stream) => log.readStream(stream)));
        expect(written.flat()).toHaveLength(1);
      });

      it('forgets a message whose handling failed, so that it is handled again', async () => {
        const stream = aStream();
        const inbox = { consumer: 'a', messageId: randomUUID() };
        const failed = log.transact({
          streams: [stream],
          inbox,
          work: async (tx) => {
            await tx.append(stream, 0, [anEvent()]);
            throw new Error('cannot decide');
          },
        });
        await expect(failed).rejects.toThrow('cannot decide');
        expect(await log.readStream(stream)).toEqual([]);
        const again = log.transact({ streams: [stream], inbox, work: () => Promise.resolve(1) });
        await expect(again).resolves.toEqual({ outcome: 'committed', value: 1 });
      });

      it('forgets messages older than an age', async () => {
        const inbox = { consumer: 'prune', messageId: randomUUID() };
        const handle = (): Promise<{ outcome: string }> =>
          log.transact({ streams: [], inbox, work: () => Promise.resolve() });
        await handle();
        expect(await log.pruneInbox(60_000)).toBe(0);
        expect(await handle()).toEqual({ outcome: 'duplicate' });
        expect(await log.pruneInbox(-60_000)).toBeGreaterThan(0);
        expect(await handle()).toMatchObject({ outcome: 'committed' });
      });
    });

    describe('several streams', () => {
      it('writes all or nothing', async () => {
        const [a, b] = [aStream('deployment'), aStream('host')];
        await append(log, b, 0, [anEvent()]);
        const half = log.transact({
          streams: [a, b],
          work: async (tx) => {
            await tx.append(a, 0, [anEvent()]);
            await tx.append(b, 0, [anEvent()]);
          },
        });
        await expect(half).rejects.toThrow(ConcurrencyError);
        expect(await log.readStream(a)).toEqual([]);
        await log.transact({
          streams: [a, b],
          work: async (tx) => {
            await tx.append(a, 0, [anEvent()]);
            await tx.append(b, 1, [anEvent(), anEvent()]);
          },
        });
        expect(versions(await log.readStream(a))).toEqual([1]);
        expect(versions(await log.readStream(b))).toEqual([1, 2, 3]);
      });

      it('never waits in a ring, in whatever order streams and locks are named', async () => {
        const streams = [aStream(), aStream(), aStream()];
        await Promise.all(
          Array.from({ length: 24 }, (_, n) =>
            log.transact({
              streams: n % 2 === 0 ? streams : [...streams].reverse(),
              locks: n % 3 === 0 ? ['pool-a', 'pool-b'] : ['pool-b', 'pool-a'],
              work: async (tx) => {
                for (const stream of streams) {
                  await tx.append(stream, tx.version(stream), [anEvent()]);
                }
              },
            }),
          ),
        );
        for (const stream of streams) expect(await log.readStream(stream)).toHaveLength(24);
      });

      it('keeps transactions that share a lock apart', async () => {
        let inside = 0;
        let most = 0;
        await Promise.all(
          Array.from({ length: 8 }, () =>
            log.transact({
              streams: [aStream()],
              locks: ['the-only-slot'],
              work: async () => {
                most = Math.max(most, ++inside);
                await new Promise((resolve) => setImmediate(resolve));
                inside -= 1;
              },
            }),
          ),
        );
        expect(most).toBe(1);
      });

      it('refuses a stream that was not locked, and use after the end', async () => {
        const [locked, other] = [aStream(), aStream()];
        const kept = await log.transact({
          streams: [locked],
          work: (tx) => {
            expect(() => tx.version(other)).toThrow(/not locked/);
            return Promise.resolve(() => tx.append(locked, 0, [anEvent()]));
          },
        });
        if (kept.outcome !== 'committed') throw new Error('expected a commit');
        await expect(kept.value()).rejects.toThrow(TransactionClosedError);
      });
    });

    describe('the feed', () => {
      it('gives every event once to a reader that goes on from its last cursor', async () => {
        const stream = aStream('feed');
        for (let n = 0; n < 5; n += 1) await append(log, stream, n, [anEvent()]);
        const seen: RecordedEvent[] = [];
        for (;;) {
          const batch = await log.readFeed(seen.at(-1)?.cursor, 2);
          if (batch.length === 0) break;
          seen.push(...batch);
        }
        expect(new Set(seen.map(({ eventId }) => eventId)).size).toBe(seen.length);
        const own = seen.filter(({ streamId }) => streamId === stream.id);
        expect(versions(own)).toEqual([1, 2, 3, 4, 5]);
        for (const [index, event] of seen.entries()) {
          if (index > 0) {
            expect(compareCursors(seen[index - 1]!.cursor, event.cursor)).toBeLessThan(0);
          }
        }
      });
    });
  });

  describe(`${name}: an event log with a codec`, () => {
    let log: EventLog;
    beforeAll(async () => {
      log = await make({
        encode: ({ type, data }) => {
          if (type === 'unknown') throw new InvalidEventError('no such event');
          return { type, schemaVersion: 2, data: { wrapped: data } };
        },
        decode: ({ type, data }) => {
          if (type === 'poison') throw new Error('what is this?');
          return (data as { wrapped: unknown }).wrapped;
        },
      });
    });
    afterAll(() => undefined);

    it('stores what the codec encodes and returns what it decodes', async () => {
      const stream = aStream();
      await append(log, stream, 0, [anEvent({ data: 'hello' })]);
      expect(await log.readStream(stream)).toMatchObject([{ data: 'hello', schemaVersion: 2 }]);
    });

    it('writes nothing that the codec refuses', async () => {
      const stream = aStream();
      const mixed = [anEvent(), anEvent({ type: 'unknown' })];
      await expect(append(log, stream, 0, mixed)).rejects.toThrow('no such event');
      expect(await log.readStream(stream)).toEqual([]);
    });

    it('stops at an event that it cannot decode and names it', async () => {
      const stream = aStream();
      await append(log, stream, 0, [anEvent({ type: 'poison' })]);
      await expect(log.readStream(stream)).rejects.toMatchObject({
        kind: 'corrupt',
        details: { type: 'poison', schemaVersion: 2 },
      });
    });
  });
}
