import { describe, expect, it } from '@jest/globals';
import { from } from 'rxjs';
import { StompConsumer, StompError } from '../../src/index.js';
import { Gate, eventually } from '../support/eventually.js';
import type { Harness } from '../support/harness.js';
import { startService } from '../support/test-service.js';

interface Thing {
  readonly id: number;
  readonly group?: string;
}

/** What a transport must do when nothing fails. */
export function deliverySuite(given: () => Harness): void {
  describe('delivery', () => {
    it('delivers a message with its context and takes it off the queue', async () => {
      const harness = given();
      const topic = harness.topic();
      const service = harness.service();
      const seen: unknown[] = [];
      const subscriptions = [
        { destination: topic.queue(service), ack: 'client-individual' as const },
      ];
      const running = await startService(
        { uris: [harness.broker.uri], service, routes: { subscriptions } },
        (data, ctx) => {
          const { pattern, attempt, redelivered, destination, envelope } = ctx;
          seen.push({
            data,
            pattern,
            attempt,
            redelivered,
            destination,
            envelope,
            type: ctx.headers['x-type'],
          });
          return from([1, 2]);
        },
      );
      await harness.emit(harness.client(topic.destination), 'thing.happened', {
        id: 7,
        group: 'g',
      });
      await eventually(() => expect(seen).toHaveLength(1));
      expect(seen[0]).toEqual({
        data: { id: 7, group: 'g' },
        pattern: 'thing.happened',
        attempt: 1,
        redelivered: false,
        destination: topic.queue(service),
        envelope: { type: 'thing.happened', data: { id: 7, group: 'g' } },
        type: 'thing.happened',
      });
      expect(running.server.isHealthy()).toBe(true);
      await eventually(async () => expect(await harness.browse(topic.queue(service))).toEqual([]));
    });

    it('gives every service its own copy', async () => {
      const harness = given();
      const topic = harness.topic();
      const seen: string[] = [];
      for (const service of ['left', 'right']) {
        const subscriptions = [
          { destination: topic.queue(service), ack: 'client-individual' as const },
        ];
        await startService(
          { uris: [harness.broker.uri], service, routes: { subscriptions } },
          (data: Thing) => {
            seen.push(`${service}${data.id}`);
          },
        );
      }
      const client = harness.client(topic.destination);
      for (const id of [1, 2, 3]) await harness.emit(client, 'thing.happened', { id });
      await eventually(() =>
        expect([...seen].sort()).toEqual(['left1', 'left2', 'left3', 'right1', 'right2', 'right3']),
      );
    });

    it('shares the work among two instances, keeps the order of each group, and delivers each message once', async () => {
      const harness = given();
      const topic = harness.topic();
      const service = harness.service();
      const seen: { instance: number; group: string; id: number }[] = [];
      for (const instance of [1, 2]) {
        const subscriptions = [
          { destination: topic.queue(service), ack: 'client-individual' as const, prefetch: 10 },
        ];
        await startService(
          { uris: [harness.broker.uri], service, routes: { subscriptions } },
          async (data: Thing) => {
            // Odd messages yield, so that a later even one overtakes them unless the group is serial.
            if (data.id % 2 === 1) await new Promise((resolve) => setImmediate(resolve));
            seen.push({ instance, group: data.group ?? '', id: data.id });
          },
        );
      }
      const client = harness.client(topic.destination);
      const groups = Array.from({ length: 12 }, (_, group) => `group-${group}`);
      const sent = Array.from({ length: 20 }, (_, id) =>
        groups.map((group) => harness.emit(client, 'thing.happened', { id, group })),
      );
      await Promise.all(sent.flat());
      await eventually(() => expect(seen.length).toBeGreaterThanOrEqual(240));
      for (const group of groups) {
        expect(seen.filter((one) => one.group === group).map(({ id }) => id)).toEqual(
          Array.from({ length: 20 }, (_, id) => id),
        );
      }
      for (const instance of [1, 2])
        expect(seen.filter((one) => one.instance === instance).length).toBeGreaterThan(0);
    });

    it('runs no more handlers than maxInFlight and takes no more messages than prefetch', async () => {
      const harness = given();
      const topic = harness.topic();
      const service = harness.service();
      const queue = topic.queue(service);
      const gate = new Gate();
      const handled: number[] = [];
      let now = 0;
      let most = 0;
      const subscriptions = [
        { destination: queue, ack: 'client-individual' as const, prefetch: 5, maxInFlight: 2 },
      ];
      await startService(
        { uris: [harness.broker.uri], service, routes: { subscriptions } },
        async (data: Thing) => {
          most = Math.max(most, ++now);
          await gate.opened;
          now -= 1;
          handled.push(data.id);
        },
      );
      const client = harness.client(topic.destination);
      await Promise.all(
        Array.from({ length: 20 }, (_, id) => harness.emit(client, 'thing.happened', { id })),
      );
      const rest: string[] = [];
      const other = new StompConsumer({ uris: [harness.broker.uri] });
      other.subscribe({ destination: queue, ack: 'client-individual' }, ({ messageId }) => {
        rest.push(messageId);
        return Promise.resolve();
      });
      await other.open(5_000);
      await eventually(() => expect(rest).toHaveLength(15));
      gate.open();
      await eventually(() => expect(handled.sort()).toEqual([0, 1, 2, 3, 4]));
      expect(most).toBe(2);
      await other.close();
    });

    it('retries what is unavailable while other groups go on, and has one effect', async () => {
      const harness = given();
      const topic = harness.topic();
      const service = harness.service();
      const attempts: number[] = [];
      const effects: string[] = [];
      const subscriptions = [
        { destination: topic.queue(service), ack: 'client-individual' as const },
      ];
      await startService(
        { uris: [harness.broker.uri], service, routes: { subscriptions } },
        (data: Thing, { attempt }) => {
          if (data.group === 'flaky' && data.id === 1) {
            attempts.push(attempt);
            // It recovers only after the other group was handled: proof that this one does not hold the others up.
            if (!effects.includes('steady2') || attempt < 3)
              throw new StompError('unavailable', 'try later', { code: 'test.later' });
          }
          effects.push(`${data.group ?? ''}${data.id}`);
        },
      );
      const client = harness.client(topic.destination);
      await harness.emit(client, 'thing.happened', { id: 1, group: 'flaky' });
      await harness.emit(client, 'thing.happened', { id: 3, group: 'flaky' });
      await harness.emit(client, 'thing.happened', { id: 2, group: 'steady' });
      await eventually(() => expect(effects).toEqual(['steady2', 'flaky1', 'flaky3']));
      expect(attempts.slice(0, 3)).toEqual([1, 2, 3]);
      expect(await harness.parked(service)).toEqual([]);
    });

    it('feeds live listeners from a plain topic and survives what it cannot read', async () => {
      const harness = given();
      const topic = `/topic/test.${harness.service()}`;
      const seen: number[] = [];
      const subscriptions = [{ destination: topic, ack: 'auto' as const }];
      const running = await startService(
        { uris: [harness.broker.uri], service: 'live', routes: { subscriptions } },
        (data: Thing) => {
          if (data.id === 1) throw new Error('cannot show this');
          seen.push(data.id);
        },
      );
      const publisher = harness.publisher();
      const line = (id: number): string => JSON.stringify({ type: 'thing.happened', data: { id } });
      for (const body of ['not json', line(1), line(2)])
        await publisher.publish({ destination: topic, body, persistent: false });
      await eventually(() => expect(seen).toEqual([2]));
      expect(running.server.isHealthy()).toBe(true);
      expect(await harness.parked('live')).toEqual([]);
    });
  });
}
