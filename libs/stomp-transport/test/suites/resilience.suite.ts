import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { StompConsumer } from '../../src/index.js';
import { freePort } from '../broker.js';
import { Gate, eventually } from '../support/eventually.js';
import type { Harness } from '../support/harness.js';
import { startService } from '../support/test-service.js';

interface Thing {
  readonly id: number;
}

const RESTARTS = 5;

/** What a transport must do when connections, brokers or processes end. */
export function resilienceSuite(given: () => Harness): void {
  describe('resilience', () => {
    it('ends the handlers that run, begins no other, and leaves the rest to the next instance', async () => {
      const harness = given();
      const service = harness.service();
      const { destination, queue } = harness.topic();
      const subscriptions = [
        { destination: queue(service), ack: 'client-individual' as const, maxInFlight: 2 },
      ];
      const options = { uris: [harness.broker.uri], service, routes: { subscriptions } };
      const gate = new Gate();
      const begun: number[] = [];
      const ended: number[] = [];
      const { close } = await startService(options, async ({ id }: Thing) => {
        begun.push(id);
        await gate.opened;
        ended.push(id);
      });
      const client = harness.client(destination);
      for (const id of [1, 2, 3, 4]) await harness.emit(client, 'thing.happened', { id });
      await eventually(() => expect(begun).toEqual([1, 2]));
      const closed = close();
      gate.open();
      await closed;
      expect(ended).toEqual([1, 2]);
      expect(begun).toEqual([1, 2]);
      const later: number[] = [];
      await startService(options, ({ id }: Thing) => void later.push(id));
      await eventually(() => expect([...later].sort()).toEqual([3, 4]));
    });

    it('walks the failover list past a dead broker and one that never answers', async () => {
      const harness = given();
      const silent = net.createServer().listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const held: net.Socket[] = [];
      silent.on('connection', (socket) => held.push(socket));
      const { port } = silent.address() as net.AddressInfo;
      const uris = [
        `stomp://127.0.0.1:${await freePort()}`,
        `stomp://127.0.0.1:${port}`,
        harness.broker.uri,
      ];
      const publisher = harness.publisher({ uris, connectTimeoutMs: 200 });
      await publisher.publish({ destination: `/queue/test.${harness.service()}`, body: 'arrived' });
      expect(held).toHaveLength(1);
      for (const socket of held) socket.destroy();
      silent.close();
    });

    it('says unavailable when no broker comes back in time', async () => {
      const harness = given();
      const publisher = harness.publisher({
        uris: [`stomp://127.0.0.1:${await freePort()}`],
        reconnectWaitMs: 100,
      });
      const published = Promise.allSettled(
        ['a', 'b'].map((body) => publisher.publish({ destination: '/queue/test.x', body })),
      );
      expect(await published).toMatchObject([
        { reason: { kind: 'unavailable', code: 'stomp.no-connection' } },
        { reason: { kind: 'unavailable' } },
      ]);
    });

    it('speaks TLS with a client certificate, and refuses a broker of another authority', async () => {
      const harness = given();
      const { ca, cert, key, foreignCa } = harness.broker.certificates;
      const destination = `/queue/test.${harness.service()}`;
      await harness
        .publisher({ uris: [harness.broker.tlsUri], tls: { ca, cert, key } })
        .publish({ destination, body: 'secret' });
      expect(await harness.browse(destination)).toHaveLength(1);
      const reasons: string[] = [];
      const logger = {
        log: () => undefined,
        error: () => undefined,
        warn: (_message: string, fields?: object) => void reasons.push(JSON.stringify(fields)),
      };
      for (const tls of [{ ca: foreignCa, cert, key }, { ca }]) {
        const publisher = harness.publisher({
          uris: [harness.broker.tlsUri],
          tls,
          reconnectWaitMs: 300,
          logger,
          passcode: 'canary',
        });
        await expect(publisher.publish({ destination, body: '' })).rejects.toMatchObject({
          kind: 'unavailable',
        });
      }
      expect(reasons.join()).toMatch(
        /is not signed by an authority.*does not take our certificate/,
      );
      expect(reasons.join()).not.toContain('canary');
      expect(await harness.browse(destination)).toHaveLength(1);
    });

    it('F-016 is delivered again after a broker restart, and each subscription is made again exactly once', async () => {
      const harness = given();
      const service = harness.service();
      const { destination, queue } = harness.topic();
      const subscriptions = [{ destination: queue(service), ack: 'client-individual' as const }];
      const seen: number[] = [];
      const lost: boolean[] = [];
      const gate = new Gate();
      const { server } = await startService(
        { uris: [harness.broker.uri], service, routes: { subscriptions } },
        async ({ id }: Thing, context) => {
          seen.push(id);
          if (id !== 0 || seen.length > 1) return;
          await gate.opened;
          lost.push(context.signal.aborted);
        },
      );
      const client = harness.client(destination, { publisher: { reconnectWaitMs: 20_000 } });
      await harness.emit(client, 'thing.happened', { id: 0 });
      await eventually(() => expect(seen).toHaveLength(1));
      for (let restart = 0; restart < RESTARTS; restart++) {
        await harness.broker.stop();
        // Sent while there is no broker: waits for it.
        const waiting =
          restart === 1 ? harness.emit(client, 'thing.happened', { id: 50 }) : undefined;
        await harness.broker.launch();
        await eventually(() => expect(server.problems).toEqual([]));
        await waiting;
        // Its acknowledgement must have arrived before the next restart: one that is still on its way means a second delivery.
        await eventually(async () => expect(await harness.browse(queue(service))).toHaveLength(1));
      }
      // The second delivery waits for the first handler, even over the restarts.
      expect(seen.filter((id) => id === 0)).toHaveLength(1);
      gate.open();
      await eventually(() => expect(seen.filter((id) => id === 0)).toHaveLength(2));
      expect(lost).toEqual([true]);
      const ids = Array.from({ length: 10 }, (_, id) => 100 + id);
      for (const id of ids) await harness.emit(client, 'thing.happened', { id });
      await eventually(() => expect(seen).toEqual(expect.arrayContaining([50, ...ids])));
      await eventually(async () => expect(await harness.browse(queue(service))).toEqual([]));
      expect([...seen].sort((a, b) => a - b)).toEqual([0, 0, 50, ...ids]);
      expect(server.unwrap().consumer.epoch).toBe(RESTARTS + 1);
    });

    it('loses nothing it confirmed when the broker is killed', async () => {
      const harness = given();
      const destination = `/queue/test.${harness.service()}`;
      const publisher = harness.publisher({ reconnectWaitMs: 20_000 });
      const confirmed = new Set<string>();
      let failed = 0;
      const burst = async (from: number, count: number): Promise<void> => {
        const publishOne = (id: number): Promise<void> =>
          publisher.publish({ destination, body: String(id) }).then(
            () => void confirmed.add(String(id)),
            () => {
              failed += 1;
            },
          );
        await Promise.all(Array.from({ length: count }, (_, index) => publishOne(from + index)));
      };
      const interrupted = burst(0, 3_000);
      await eventually(() => expect(confirmed.size).toBeGreaterThan(300));
      await harness.broker.kill9();
      await harness.broker.launch();
      await interrupted;
      expect(failed).toBeGreaterThan(0);
      expect(failed).toBeLessThanOrEqual(64);
      const received = new Set<string>();
      const consumer = new StompConsumer({ uris: [harness.broker.uri] });
      consumer.subscribe({ destination, ack: 'client-individual', prefetch: 200 }, ({ body }) => {
        received.add(body.toString());
        return Promise.resolve();
      });
      await consumer.open(5_000);
      await eventually(() => expect([...confirmed].filter((id) => !received.has(id))).toEqual([]));
      expect(confirmed.size).toBe(3_000 - failed);
      await consumer.close();
    });
  });
}
