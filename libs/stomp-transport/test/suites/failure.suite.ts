import { describe, expect, it } from '@jest/globals';
import { of, throwError } from 'rxjs';
import { StompError } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import type { Harness } from '../support/harness.js';
import { startService } from '../support/test-service.js';

interface Thing {
  readonly id: number;
}

/** What a transport must do with messages that cannot be handled. */
export function failureSuite(given: () => Harness): void {
  const setUp = (): {
    harness: Harness;
    service: string;
    queue: string;
    topic: string;
    routes: { subscriptions: { destination: string; ack: 'client-individual' }[] };
  } => {
    const harness = given();
    const topic = harness.topic();
    const service = harness.service();
    const queue = topic.queue(service);
    return {
      harness,
      service,
      queue,
      topic: topic.destination,
      routes: { subscriptions: [{ destination: queue, ack: 'client-individual' }] },
    };
  };

  describe('failure', () => {
    it('F-031 retries an unknown error a few times, then parks the message with the reason', async () => {
      const { harness, service, queue, topic, routes } = setUp();
      const attempts: number[] = [];
      await startService({ uris: [harness.broker.uri], service, routes }, (_data, { attempt }) => {
        attempts.push(attempt);
        return throwError(() => new Error('bröken\ntwice'));
      });
      await harness.emit(harness.client(topic), 'thing.happened', { id: 1, group: 'g1' });
      await eventually(async () => expect(await harness.parked(service)).toHaveLength(1));
      const [parked] = await harness.parked(service);
      expect(attempts).toEqual([1, 2, 3]);
      expect(parked).toMatchObject({
        code: 'unknown',
        reason: 'br?ken?twice',
        attempts: 3,
        by: service,
        from: queue,
      });
      expect(parked?.headers).toMatchObject({
        'x-type': 'thing.happened',
        'x-group': 'g1',
        'content-type': 'application/json',
      });
      expect(JSON.parse(parked?.body.toString() ?? '')).toEqual({
        type: 'thing.happened',
        data: { id: 1, group: 'g1' },
      });
      expect(Date.parse(parked?.at ?? '')).toBeGreaterThan(Date.now() - 60_000);
      await eventually(async () => expect(await harness.browse(queue)).toEqual([]));
    });

    it("parks at once what will never succeed: the handler's own error reaches the transport through Nest", async () => {
      const { harness, service, topic, routes } = setUp();
      const attempts: number[] = [];
      await startService(
        { uris: [harness.broker.uri], service, routes },
        async (_data, { attempt }) => {
          attempts.push(attempt);
          await Promise.resolve();
          throw new StompError('rejected', 'the device said no', { code: 'device.refused' });
        },
      );
      await harness.emit(harness.client(topic), 'thing.changed', { id: 1 });
      await eventually(async () =>
        expect(await harness.parked(service)).toMatchObject([
          { code: 'device.refused', attempts: 1 },
        ]),
      );
      expect(attempts).toEqual([1]);
    });

    it('H-040 parks a body nobody can read and a type nobody handles, and goes on', async () => {
      const { harness, service, topic, routes } = setUp();
      const seen: number[] = [];
      await startService({ uris: [harness.broker.uri], service, routes }, (data: Thing) => {
        seen.push(data.id);
        return of(undefined);
      });
      await harness
        .publisher()
        .publish({ destination: topic, body: Buffer.from([0xff, 0x00, 0x7b]) });
      const client = harness.client(topic);
      await harness.emit(client, 'thing.unheard-of', { id: 1 });
      await harness.emit(client, 'thing.happened', { id: 2 });
      await eventually(() => expect(seen).toEqual([2]));
      await eventually(async () => expect(await harness.parked(service)).toHaveLength(2));
      const parked = await harness.parked(service);
      const [poison, unheard] = ['invalid', 'unmatched'].map((code) =>
        parked.find((one) => one.code === code),
      );
      expect([...(poison?.body ?? [])]).toEqual([0xff, 0x00, 0x7b]);
      expect(unheard?.reason).toBe(`No handler for "thing.unheard-of" in ${service}.`);
    });

    it('can be told to ignore types nobody handles', async () => {
      const { harness, service, queue, topic, routes } = setUp();
      const seen: number[] = [];
      await startService(
        { uris: [harness.broker.uri], service, routes, unmatched: 'ack' },
        (data: Thing) => void seen.push(data.id),
      );
      const client = harness.client(topic);
      await harness.emit(client, 'thing.unheard-of', { id: 1 });
      await harness.emit(client, 'thing.happened', { id: 2 });
      await eventually(() => expect(seen).toEqual([2]));
      await eventually(async () => expect(await harness.browse(queue)).toEqual([]));
      expect(await harness.parked(service)).toEqual([]);
    });

    it('stops on corruption: the message stays, nothing overtakes it, health says so', async () => {
      const { harness, service, queue, topic, routes } = setUp();
      const seen: number[] = [];
      const corrupt = Object.assign(new Error('stream does not fold'), {
        kind: 'corrupt',
        code: 'log.corrupt',
      });
      const options = {
        uris: [harness.broker.uri],
        service,
        routes: { subscriptions: routes.subscriptions.map((one) => ({ ...one, maxInFlight: 1 })) },
      };
      const { server } = await startService(options, (data: Thing) => {
        seen.push(data.id);
        throw corrupt;
      });
      const client = harness.client(topic);
      await harness.emit(client, 'thing.happened', { id: 1 });
      await eventually(() =>
        expect(server.problems).toEqual([`${queue} stopped: thing.happened: stream does not fold`]),
      );
      await harness.emit(client, 'thing.happened', { id: 2 });
      await eventually(async () =>
        expect(
          (await harness.browse(queue)).map(({ body }) => JSON.parse(body.toString()) as unknown),
        ).toMatchObject([{ data: { id: 1 } }, { data: { id: 2 } }]),
      );
      expect(seen).toEqual([1]);
      expect(server.isHealthy()).toBe(false);
      expect(await harness.parked(service)).toEqual([]);
    });

    it('does not acknowledge what it could not park', async () => {
      const { harness, service, queue, topic, routes } = setUp();
      const { server, close } = await startService(
        { uris: [harness.broker.uri], service, routes, parkQueue: '/queue/forbidden.parked' },
        () => {
          throw new StompError('invalid', 'no', { code: 'test.no' });
        },
      );
      await harness.emit(harness.client(topic), 'thing.happened', { id: 1 });
      await eventually(() => expect(server.problems).toContain('1 messages cannot be parked'));
      await close();
      expect(await harness.browse(queue)).toHaveLength(1);
    });

    it('lists, replays and drops parked messages', async () => {
      const { harness, service, queue, topic, routes } = setUp();
      const seen: string[] = [];
      let broken = true;
      await startService(
        { uris: [harness.broker.uri], service, routes },
        (data: Thing, { headers }) => {
          if (broken) throw new StompError('invalid', `no ${data.id}`, { code: 'test.no' });
          seen.push(
            `${data.id} of ${headers['x-group'] ?? '?'}, parked before: ${String('x-parked-code' in headers)}`,
          );
        },
      );
      const client = harness.client(topic);
      for (const id of [1, 2]) await harness.emit(client, 'thing.happened', { id, group: 'g' });
      await eventually(async () =>
        expect((await harness.parked(service)).map(({ reason }) => reason)).toEqual([
          'no 1',
          'no 2',
        ]),
      );
      broken = false;
      const [first, second] = await harness.parked(service);
      const parked = harness.parkedQueue(service);
      expect(await parked.list(1)).toHaveLength(1);
      await parked.replay(second!.messageId, queue);
      await eventually(() => expect(seen).toEqual(['2 of g, parked before: false']));
      expect((await parked.list()).map(({ messageId }) => messageId)).toEqual([first!.messageId]);
      await parked.drop(first!.messageId);
      expect(await parked.list()).toEqual([]);
      await expect(parked.replay("ID:x' OR 'a'='a", queue)).rejects.toMatchObject({
        kind: 'not-found',
      });
    });

    it('leaves a parked message where it is when its replay is refused', async () => {
      const { harness, service } = setUp();
      const parked = harness.parkedQueue(service);
      await harness.publisher().publish({
        destination: `/queue/gantry.parked.${service}`,
        body: 'b',
        headers: { 'x-parked-code': 'c' },
      });
      const [only] = await parked.list();
      await expect(parked.replay(only!.messageId, '/queue/forbidden.x')).rejects.toMatchObject({
        kind: 'rejected',
      });
      await eventually(async () => expect(await parked.list()).toMatchObject([{ code: 'c' }]));
    });
  });
}
