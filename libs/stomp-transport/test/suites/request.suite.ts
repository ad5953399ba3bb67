import { describe, expect, it } from '@jest/globals';
import { firstValueFrom } from 'rxjs';
import { StompError } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import type { Harness } from '../support/harness.js';
import { startService } from '../support/test-service.js';

interface Question {
  readonly id: number;
}

/** What a transport must do with requests, replies and expiry. */
export function requestSuite(given: () => Harness): void {
  describe('request and reply', () => {
    it('answers many requests at once, each with its own reply', async () => {
      const harness = given();
      const { destination, queue } = harness.topic();
      const subscriptions = [{ destination: queue('answerer'), ack: 'client-individual' as const }];
      await startService(
        { uris: [harness.broker.uri], service: 'answerer', routes: { subscriptions } },
        ({ id }: Question) => Promise.resolve({ twice: id * 2 }),
      );
      const client = harness.client(destination);
      const replies = await Promise.all(
        Array.from({ length: 50 }, (_, id) => firstValueFrom(client.send('thing.asked', { id }))),
      );
      expect(replies).toEqual(Array.from({ length: 50 }, (_, id) => ({ twice: id * 2 })));
      await eventually(async () => expect(await harness.browse(queue('answerer'))).toEqual([]));
    });

    it('carries an error with its kind, code, message and details', async () => {
      const harness = given();
      const { destination, queue } = harness.topic();
      const subscriptions = [{ destination: queue('answerer'), ack: 'client-individual' as const }];
      await startService(
        { uris: [harness.broker.uri], service: 'answerer', routes: { subscriptions } },
        () => {
          throw new StompError('not-found', 'no such thing', {
            code: 'thing.unknown',
            details: { id: 9 },
          });
        },
      );
      const asked = firstValueFrom(harness.client(destination).send('thing.asked', { id: 9 }));
      await expect(asked).rejects.toMatchObject({
        name: 'StompRemoteError',
        kind: 'not-found',
        code: 'thing.unknown',
        message: 'no such thing',
        details: { id: 9 },
      });
    });

    it('gives up when no reply comes, and the late request is not handled', async () => {
      const harness = given();
      const { destination, queue } = harness.topic();
      const subscriptions = [{ destination: queue('answerer'), ack: 'client-individual' as const }];
      const options = {
        uris: [harness.broker.uri],
        service: 'answerer',
        routes: { subscriptions },
      };
      // The first start makes the queue; then the service is away.
      await (await startService(options, () => undefined)).close();
      const impatient = harness.client(destination, { requestTimeoutMs: 150 });
      await expect(firstValueFrom(impatient.send('thing.asked', { id: 1 }))).rejects.toMatchObject({
        kind: 'unavailable',
        code: 'stomp.request-timeout',
      });
      const seen: number[] = [];
      await startService(options, ({ id }: Question) => void seen.push(id));
      await harness.emit(harness.client(destination), 'thing.happened', { id: 2 });
      await eventually(() => expect(seen).toEqual([2]));
    });

    it('drops what its envelope says has expired', async () => {
      const harness = given();
      const service = harness.service();
      const { destination, queue } = harness.topic();
      const subscriptions = [{ destination: queue(service), ack: 'client-individual' as const }];
      const seen: number[] = [];
      await startService(
        { uris: [harness.broker.uri], service, routes: { subscriptions } },
        ({ id }: Question) => void seen.push(id),
      );
      const publisher = harness.publisher();
      const send = (id: number, expiresAt: number): Promise<void> =>
        publisher.publish({
          destination,
          groupId: 'g',
          body: JSON.stringify({ type: 'thing.happened', data: { id }, expiresAt }),
        });
      await send(1, Date.now() - 1);
      await send(2, Date.now() + 60_000);
      await eventually(() => expect(seen).toEqual([2]));
      await eventually(async () => expect(await harness.browse(queue(service))).toEqual([]));
      expect(await harness.parked(service)).toEqual([]);
    });

    it('writes replies only to reply queues', async () => {
      const harness = given();
      const service = harness.service();
      const { destination, queue } = harness.topic();
      const subscriptions = [{ destination: queue(service), ack: 'client-individual' as const }];
      const seen: number[] = [];
      await startService(
        { uris: [harness.broker.uri], service, routes: { subscriptions } },
        ({ id }: Question) => void seen.push(id),
      );
      await harness.publisher().publish({
        destination,
        body: JSON.stringify({ type: 'thing.asked', data: { id: 1 } }),
        replyTo: '/queue/Consumer.other.VirtualTopic.x',
        correlationId: 'c',
      });
      await eventually(async () =>
        expect(await harness.parked(service)).toMatchObject([{ code: 'invalid' }]),
      );
      expect(seen).toEqual([]);
    });
  });
}
