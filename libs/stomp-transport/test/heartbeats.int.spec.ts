import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, it, jest } from '@jest/globals';
import { StompConsumer } from '../src/index.js';
import { eventually } from './support/eventually.js';

jest.setTimeout(60_000);

/** Counts the beats it has sent, and the connections it was asked for. */
interface Heart {
  readonly uri: string;
  beats: number;
  connections: number;
  close(): void;
}

/** A broker that lets nearly two of the agreed intervals pass before each beat, as ActiveMQ does after anything else it sent. */
async function slowHeart(): Promise<Heart> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const timers: NodeJS.Timeout[] = [];
  const heart: Heart = {
    uri: `stomp://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    beats: 0,
    connections: 0,
    close: () => {
      timers.forEach(clearInterval);
      server.close();
    },
  };
  server.on('connection', (socket) => {
    heart.connections += 1;
    socket.on('error', () => undefined);
    socket.once('data', (connect: Buffer) => {
      const [, sent, wanted] = /heart-beat:(\d+),(\d+)/.exec(connect.toString()) ?? [];
      socket.write(`CONNECTED\nversion:1.2\nheart-beat:${wanted},${sent}\n\n\0`);
      const beat = (): void => {
        heart.beats += 1;
        socket.write('\n');
      };
      timers.push(setInterval(beat, Number(wanted) * 1.9));
    });
  });
  return heart;
}

describe('heart-beats', () => {
  it('a broker whose beats come as late as they may is not taken for dead', async () => {
    const heart = await slowHeart();
    const consumer = new StompConsumer({ uris: [heart.uri], heartbeatMs: 1_600 });
    try {
      await consumer.open(5_000);
      await eventually(() => expect(heart.beats).toBeGreaterThanOrEqual(4), 30_000);
      expect(heart.connections).toBe(1);
      expect(consumer.connected).toBe(true);
    } finally {
      heart.close();
      await consumer.close();
    }
  });
});
