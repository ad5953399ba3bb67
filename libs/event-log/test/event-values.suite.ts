import { beforeAll, describe, expect, it } from '@jest/globals';
import { InvalidEventError, type EventLog, type NewEvent, type StreamId } from '../src/index.js';
import type { LogFactory } from './event-log.suite.js';
import { anEvent, aStream } from './events.js';

/** What every event log must refuse to write, and what it must keep exactly. */
export function eventValuesSuite(name: string, make: LogFactory): void {
  describe(`${name}: values in an event log`, () => {
    let log: EventLog;
    beforeAll(async () => {
      log = await make();
    });
    const append = async (stream: StreamId, event: NewEvent): Promise<void> => {
      await log.transact({ streams: [stream], work: (tx) => tx.append(stream, 0, [event]) });
    };

    describe('what must not be written', () => {
      it.each<[string, Partial<NewEvent>]>([
        ['NUL', { data: { text: 'a\0b' } }],
        ['half a surrogate pair', { data: ['\ud800'] }],
        ['half a pair in a key', { data: { '\udc00': 1 } }],
        ['not a number', { data: { n: Number.NaN } }],
        ['infinity', { data: Number.POSITIVE_INFINITY }],
        ['a date object', { data: { at: new Date(0) } }],
        ['a bigint', { data: 1n }],
        ['a hole in an array', { data: [1, undefined] }],
        ['too much', { data: 'x'.repeat(1_000_001) }],
        ['an id that is no UUID', { eventId: 'DELETE FROM' }],
        ['an empty id', { eventId: '' }],
        ['a type with a line break', { type: 'a\nb' }],
        ['schema version 0', { schemaVersion: 0 }],
      ])('refuses %s', async (_, change) => {
        const stream = aStream();
        await expect(append(stream, anEvent(change))).rejects.toThrow(InvalidEventError);
        expect(await log.readStream(stream)).toEqual([]);
      });

      it.each([
        { type: '', id: 'x' },
        { type: 'a', id: '' },
        { type: 'a', id: 'x y' },
        { type: 'a', id: 'x'.repeat(129) },
        { type: 'a;b', id: 'x' },
      ])('refuses the stream name %j', async (stream) => {
        await expect(append(stream, anEvent())).rejects.toThrow(InvalidEventError);
        await expect(log.readStream(stream)).rejects.toThrow(InvalidEventError);
      });

      it('keeps awkward but honest values exactly', async () => {
        const stream = aStream();
        const data = {
          z: [1.0, -0.5, 1e21, 1e-7, 5e-324, Number.MAX_VALUE, Number.MAX_SAFE_INTEGER],
          a: { text: 'Grüße 🚀 \u2028 "\\ \n', empty: '', nothing: null, '': 0, __proto__x: 1 },
          '10': 1,
          '9': [[], {}],
        };
        await append(stream, anEvent({ data }));
        expect((await log.readStream(stream))[0]!.data).toEqual(data);
      });
    });
  });
}
