import stompit from 'stompit';
import { PREFETCH, namesOf, type BrokerAccount } from './broker-account.js';
import type { PingPong } from './ping-pong.js';
import { Endings } from '../steps/workflow.js';

type Client = stompit.Client;
/** The published types are of an older release: they ask for an error handler and know no headers. */
type SendOptions = Parameters<Client['send']>[1];
type Frame = { readonly headers: Readonly<Record<string, unknown>> };

/**
 * The ceiling: stompit as its documentation shows it, with the same promises (persistent, a receipt awaited, acknowledged
 * one by one after the answer's receipt) and the same four connections.
 */
export async function bareStompit(account: BrokerAccount): Promise<PingPong> {
  const { pingTopic, pingQueue, pongTopic, pongQueue } = namesOf('bare');
  const connections = await Promise.all([1, 2, 3, 4].map(() => connect(account)));
  const [pinging, answering, ponging, listening] = connections as [Client, Client, Client, Client];
  const endings = new Endings();
  consume(answering, pingQueue, async ({ id, body }) => {
    await send(ponging, pongTopic, id, body);
  });
  consume(listening, pongQueue, ({ id }) => {
    endings.ended(id);
    return Promise.resolve();
  });
  await Promise.all([settled(answering), settled(listening)]);
  let next = 0;
  return {
    name: 'bare stompit',
    trip: async (body) => {
      const id = String(next++);
      const back = endings.waitFor(id);
      await Promise.all([send(pinging, pingTopic, id, body), back]);
    },
    close: () => {
      for (const connection of connections) connection.destroy(new Error('done'));
      return Promise.resolve();
    },
  };
}

function connect({ host, port, login, passcode }: BrokerAccount): Promise<Client> {
  const connectHeaders = { host: '/', login, passcode, 'heart-beat': '0,0' };
  const options = { host, port, noDelay: true, connectHeaders };
  return new Promise((resolve, reject) => {
    stompit.connect(options, (error, client) => {
      if (error) {
        reject(error);
        return;
      }
      client.on('error', () => undefined);
      resolve(client);
    });
  });
}

function send(client: Client, destination: string, id: string, body: string): Promise<void> {
  const headers = {
    destination,
    persistent: 'true',
    'content-length': String(Buffer.byteLength(body)),
    'content-type': 'application/json',
    'x-id': id,
  };
  return new Promise((resolve) =>
    client.send(headers, { onReceipt: resolve } as SendOptions).end(body),
  );
}

function consume(
  client: Client,
  destination: string,
  handle: (message: { readonly id: string; readonly body: string }) => Promise<void>,
): void {
  const headers = {
    destination,
    ack: 'client-individual',
    'activemq.prefetchSize': String(PREFETCH),
  };
  client.subscribe(headers, (error, message) => {
    if (error) return;
    const id = String((message as unknown as Frame).headers['x-id']);
    message.readString('utf8', (failure, body) => {
      if (failure ?? body === undefined) return;
      void handle({ id, body }).then(() => client.ack(message));
    });
  });
}

/** Frames of a connection are handled in order: a receipt for this one says that the subscription stands. */
function settled(client: Client): Promise<void> {
  return send(client, '/queue/gantry.bench.settled', '0', '{}');
}
