import type { Broker } from '@gantry/lab';

/** Where the broker is, and who may do everything there. */
export interface BrokerAccount {
  readonly host: string;
  readonly port: number;
  readonly login: string;
  readonly passcode: string;
}

/** The account of a lab's operator. */
export function accountOf(broker: Broker): BrokerAccount {
  return { host: broker.host, port: broker.port, ...passwordOf(broker) };
}

/** The password of an operator at a plain broker. */
export function passwordOf(broker: Broker): { readonly login: string; readonly passcode: string } {
  const { login, passcode } = broker.credentials('ops');
  if (passcode === undefined) throw new Error('a bench needs a broker that was started `plain`');
  return { login, passcode };
}

/** The names one ping-pong uses, its own: nobody else's messages wait in its queues. */
export interface Names {
  readonly pingTopic: string;
  readonly pingQueue: string;
  readonly pongTopic: string;
  readonly pongQueue: string;
}

/** Virtual topics there and back, as all of Gantry's families are. */
export function namesOf(who: string): Names {
  const topic = (what: string): string => `VirtualTopic.gantry.bench.${who}.${what}`;
  return {
    pingTopic: `/topic/${topic('ping')}`,
    pingQueue: `/queue/Consumer.ponger.${topic('ping')}`,
    pongTopic: `/topic/${topic('pong')}`,
    pongQueue: `/queue/Consumer.pinger.${topic('pong')}`,
  };
}

/** The copies the broker makes for them. */
export const forwardsOf = ({ pingTopic, pingQueue, pongTopic, pongQueue }: Names) => [
  { topic: pingTopic, queues: [pingQueue] },
  { topic: pongTopic, queues: [pongQueue] },
];

/** How many messages each side may hold unacknowledged. */
export const PREFETCH = 100;
