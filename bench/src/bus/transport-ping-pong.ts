import { StompConsumer, StompPublisher } from '@gantry/stomp-transport';
import { Endings } from '../steps/workflow.js';
import { PREFETCH, namesOf, type BrokerAccount } from './broker-account.js';
import type { PingPong } from './ping-pong.js';

/** Gantry's publisher and consumer: headers checked, one message of a group at a time, reconnecting. */
export async function transportPingPong(account: BrokerAccount): Promise<PingPong> {
  const { pingTopic, pingQueue, pongTopic, pongQueue } = namesOf('transport');
  const { host, port, login, passcode } = account;
  const broker = { uris: [`stomp://${host}:${port}`], login, passcode };
  const [pinging, ponging] = [new StompPublisher(broker), new StompPublisher(broker)];
  const [answering, listening] = [new StompConsumer(broker), new StompConsumer(broker)];
  const endings = new Endings();
  const options = { ack: 'client-individual', prefetch: PREFETCH, maxInFlight: PREFETCH } as const;
  answering.subscribe({ destination: pingQueue, ...options }, ({ headers, body }) =>
    ponging.publish(message(pongTopic, headers['x-id'] ?? '', body)),
  );
  listening.subscribe({ destination: pongQueue, ...options }, ({ headers }) => {
    endings.ended(headers['x-id'] ?? '');
    return Promise.resolve();
  });
  const parts = [pinging, ponging, answering, listening];
  await Promise.all(parts.map((part) => part.open(10_000)));
  let next = 0;
  return {
    name: 'Gantry publisher + consumer',
    trip: async (body) => {
      const id = String(next++);
      const back = endings.waitFor(id);
      await Promise.all([pinging.publish(message(pingTopic, id, body)), back]);
    },
    close: async () => {
      await Promise.all(parts.map((part) => part.close()));
    },
  };
}

function message(
  destination: string,
  id: string,
  body: string | Uint8Array,
): Parameters<StompPublisher['publish']>[0] {
  return { destination, body, headers: { 'content-type': 'application/json', 'x-id': id } };
}
