import { describe, expect, it } from '@jest/globals';
import { StompConsumer, type StompMessage } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import type { Harness } from '../support/harness.js';
import { sendRaw } from '../support/raw-stomp.js';

const ROCKET = '\u{1f680}';

/** What a transport must survive, and what it must not pass on. */
export function hostileSuite(given: () => Harness): void {
  describe('hostile headers', () => {
    it('H-037 are refused before the wire, and cost nobody else the connection', async () => {
      const harness = given();
      const publisher = harness.publisher();
      const destination = `/queue/test.${harness.service()}`;
      const good = Array.from({ length: 20 }, (_, id) =>
        publisher.publish({ destination, body: String(id) }),
      );
      const hostile: Readonly<Record<string, string>>[] = [
        { receipt: '1' },
        { transaction: 'x' },
        { hasOwnProperty: 'x' },
        { 'x-a': 'line\nbreak' },
        { 'x-a': ROCKET },
        { 'x-a': 'x'.repeat(513) },
        { 'x a': 'b' },
        { AMQ_SCHEDULED_DELAY: 'soon' },
      ];
      for (const headers of hostile) {
        await expect(publisher.publish({ destination, headers, body: '' })).rejects.toMatchObject({
          kind: 'invalid',
          code: 'stomp.header-refused',
        });
      }
      for (const elsewhere of [
        '/queue/a,/queue/b',
        '/temp-queue/x',
        '/queue/test.>',
        'test',
        '/queue/a?consumer.exclusive=true',
      ]) {
        await expect(publisher.publish({ destination: elsewhere, body: '' })).rejects.toMatchObject(
          { code: 'stomp.destination-refused' },
        );
      }
      await expect(
        publisher.publish({ destination, body: Buffer.alloc(2_000_001) }),
      ).rejects.toMatchObject({ kind: 'invalid', code: 'stomp.body-too-large' });
      await Promise.all(good);
      expect(await harness.browse(destination)).toHaveLength(20);
    });

    it('from a stranger do not crash the consumer', async () => {
      const harness = given();
      const destination = `/queue/test.${harness.service()}`;
      const seen: StompMessage[] = [];
      const consumer = new StompConsumer({ uris: [harness.broker.uri] });
      consumer.subscribe({ destination, ack: 'client-individual' }, (message) => {
        seen.push(message);
        return Promise.resolve();
      });
      await consumer.open(5_000);
      const evil = [
        'hasOwnProperty:x',
        'constructor:y',
        '__proto__:z',
        `x-long:${'l'.repeat(5_000)}`,
        'x-after:kept',
      ];
      await sendRaw(harness.broker.port, [`destination:${destination}`, ...evil], 'one');
      await sendRaw(
        harness.broker.port,
        [`destination:${destination}`, `x-multi:${ROCKET.repeat(300)}`],
        'two',
      );
      await eventually(() =>
        expect(seen.map(({ body }) => body.toString())).toEqual(['one', 'two']),
      );
      expect(seen[0]?.headers['x-after']).toBe('kept');
      expect(seen[1]?.headers['x-multi']).toBe(ROCKET.repeat(300));
      expect(consumer.epoch).toBe(1);
      await eventually(async () => expect(await harness.browse(destination)).toEqual([]));
      await consumer.close();
    });

    it('blames only the frame the broker refused; what was in flight beside it may be sent again', async () => {
      const harness = given();
      const publisher = harness.publisher();
      const destination = `/queue/test.${harness.service()}`;
      await publisher.publish({ destination, body: 'before' });
      await expect(
        publisher.publish({ destination: '/queue/forbidden.x', body: '' }),
      ).rejects.toMatchObject({ kind: 'rejected' });
      await publisher.publish({ destination, body: 'after' });
      expect((await harness.browse(destination)).map(({ body }) => body.toString())).toEqual([
        'before',
        'after',
      ]);
    });

    it('fails only the refused one of many that were published together', async () => {
      const harness = given();
      const publisher = harness.publisher();
      const destination = `/queue/test.${harness.service()}`;
      const outcomes = await Promise.allSettled(
        ['1', '2', 'forbidden', '3', '4'].map((body) =>
          publisher.publish({
            destination: body === 'forbidden' ? '/queue/forbidden.x' : destination,
            body,
          }),
        ),
      );
      expect(outcomes.map(({ status }) => status)).toEqual([
        'fulfilled',
        'fulfilled',
        'rejected',
        'fulfilled',
        'fulfilled',
      ]);
      expect(outcomes[2]).toMatchObject({ reason: { kind: 'rejected' } });
      const kept = await harness.browse(destination);
      expect(kept.map(({ body }) => body.toString())).toEqual(['1', '2', '3', '4']);
    });
  });
}
