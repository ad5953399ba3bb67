import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  brokerAllows,
  brokerDestinations,
  brokerPrincipals,
  type BrokerRight,
} from '@gantry/contracts';
import { Broker } from './broker.js';
import { labFleet } from './broker-access.js';
import { brokerSocket, connectFrame } from './stomp-probe.js';
import { waitUntil } from './wait-until.js';
import { Workspace } from './workspace.js';

const FLEET = labFleet('lab', 3);
const ANSWER = /^(?:RECEIPT|ERROR)/gm;
const RECEIPT = /^(?:RECEIPT|ERROR)[^]*?\0/m;
/** Destinations that nobody may use: not of ours, or made by their first user. */
const FOREIGN = [
  '/queue/unheard-of',
  '/topic/unheard-of',
  '/queue/DLQ.Consumer.orchestrator.VirtualTopic.gantry.lb.observations',
  '/queue/Consumer.listener.VirtualTopic.gantry.host.web9.lab.commands',
  '/topic/VirtualTopic.gantry.host.web1.lab.commands',
  '/topic/VirtualTopic.gantry.unheard-of',
  '/queue/replies.gateway.one',
  '/queue/replies.orchestrator.one',
  '/topic/ActiveMQ.Advisory.Connection',
];

const subscribe = (destination: string, more = '', ack = 'client-individual') =>
  `SUBSCRIBE\nid:1\ndestination:${destination}\nack:${ack}\n${more}receipt:r\n\n\0`;
const send = (destination: string, expires = 1) =>
  `SEND\ndestination:${destination}\nexpires:${expires}\nreceipt:r\n\nx\0`;

/** Somebody who says frames and listens until `end`. */
interface Talk {
  /** When the broker has answered so many of them, or has hung up. */
  readonly answered: (times: number) => Promise<void>;
  readonly end: () => string;
}

function talk(broker: Broker, principal: string, frames: string): Talk {
  let said = '';
  let over = false;
  const account = broker.credentials(principal);
  const socket = brokerSocket(broker, account, () => socket.write(connectFrame(account) + frames));
  socket
    .on('error', () => undefined)
    .on('close', () => (over = true))
    .on('data', (data) => (said += data.toString()));
  return {
    answered: (times) =>
      waitUntil(() => over || (said.match(ANSWER)?.length ?? 0) >= times, {
        deadlineMs: 20_000,
        onTimeout: () => new Error(`${principal} heard only ${said}`),
      }),
    end: () => {
      socket.destroy();
      return said;
    },
  };
}

describe('who may do what at a real broker', () => {
  let workspace: Workspace;
  let broker: Broker;

  beforeAll(async () => {
    workspace = await Workspace.open();
    broker = await Broker.start({ workspace, fleet: FLEET });
  }, 120_000);
  afterAll(async () => {
    await broker.stop();
    await workspace.close();
  });

  /** Tries it in a connection of its own, for a refusal ends it. */
  function allows(principal: string, frame: string): Promise<boolean> {
    const account = broker.credentials(principal);
    const hello = connectFrame(account);
    return new Promise((resolve, reject) => {
      let said = '';
      const socket = brokerSocket(broker, account, () => socket.write(hello + frame));
      socket.setTimeout(10_000, () => socket.destroy(new Error(`no answer to ${frame}`)));
      socket.on('error', reject);
      socket.on('data', (data) => {
        said += data.toString();
        if (RECEIPT.test(said)) socket.destroy();
      });
      socket.on('close', () => resolve(/^RECEIPT/m.test(said) && !/^ERROR/m.test(said)));
    });
  }

  const destinations = [...brokerDestinations(FLEET), ...FOREIGN];
  const making = (destination: string) => !brokerDestinations(FLEET).includes(destination);

  it.each(brokerPrincipals(FLEET))(
    'H-032 lets %s do what the table says, and nothing else, in every cell',
    async (principal) => {
      const wrong: string[] = [];
      for (const destination of destinations) {
        for (const right of ['read', 'write'] as const) {
          const may = (one: BrokerRight) => brokerAllows(FLEET, principal, one, destination);
          const expected = may(right) && (!making(destination) || may('admin'));
          const frame = right === 'read' ? subscribe(destination) : send(destination);
          const seen = await allows(principal, frame);
          if (seen !== expected)
            wrong.push(`${right} ${destination}: ${seen ? 'allowed' : 'denied'}`);
        }
      }
      expect(wrong).toEqual([]);
    },
    120_000,
  );

  const WILD = [
    '/queue/Consumer.publisher-puppet_lab.VirtualTopic.gantry.*.*',
    '/queue/Consumer.audit.VirtualTopic.gantry.*.*',
    '/queue/Consumer.listener.VirtualTopic.gantry.host.web1.lab.commands?consumer.exclusive=true,/queue/>',
    '/queue/>',
    '/queue/Consumer.>',
    '/queue/Consumer.listener.>',
    '/queue/Consumer.*.VirtualTopic.gantry.host.>',
    '/queue/Consumer.listener.VirtualTopic.gantry.host.>',
    '/queue/Consumer.listener.VirtualTopic.gantry.host.*.lab.commands',
    '/queue/Consumer.listener.VirtualTopic.gantry.host.*.*.commands',
    '/queue/Consumer.listener.VirtualTopic.gantry.host.web1.*.commands',
    '/queue/Consumer.listener.VirtualTopic.gantry.host.web1.lab.*',
    '/queue/Consumer.*.VirtualTopic.gantry.host.web1.lab.commands',
    '/queue/*.listener.VirtualTopic.gantry.host.web1.lab.commands',
    '/queue/Consumer.listener.VirtualTopic.*.host.web1.lab.commands',
    '/queue/Consumer.orchestrator.VirtualTopic.gantry.*.observations',
    '/queue/replies.*.one',
    '/queue/gantry.parked.*',
    '/topic/>',
    '/topic/VirtualTopic.gantry.>',
    '/topic/VirtualTopic.gantry.*.events',
    '/topic/gantry.*.log',
    '/topic/ActiveMQ.Advisory.>',
  ];
  const NOT_OPERATORS = brokerPrincipals(FLEET).filter((name) => name !== 'ops');

  /** Where messages came from that each of them heard while everything was said everywhere. */
  async function heardBy(principals: readonly string[], destination: string) {
    const listening = principals.map((principal) =>
      talk(broker, principal, subscribe(destination, '', 'auto')),
    );
    await Promise.all(listening.map(({ answered }) => answered(1)));
    await sayEverythingEverywhere();
    // What nobody may hear does not come: there is nothing to wait for but time.
    await new Promise((resolve) => setTimeout(resolve, 200));
    return listening.map(({ end }) =>
      [...end().matchAll(/^destination:(.*)$/gm)].map(([, from = '']) => from),
    );
  }

  async function sayEverythingEverywhere(): Promise<void> {
    const frames = brokerDestinations(FLEET).map((destination) =>
      send(destination, Date.now() + 3_000),
    );
    const { answered, end } = talk(broker, 'ops', frames.join(''));
    await answered(frames.length);
    expect(end().match(/^RECEIPT/gm)?.length).toBe(frames.length);
  }

  it.each(WILD)('H-033 tells a listener to %s only what is for it', async (destination) => {
    const heard = await heardBy(NOT_OPERATORS, destination);
    const leaks = NOT_OPERATORS.flatMap((principal, at) =>
      (heard[at] ?? [])
        .filter((from) => !brokerAllows(FLEET, principal, 'read', from))
        .map((from) => `${principal} heard ${from}`),
    );
    expect(leaks).toEqual([]);
  });

  it('H-033 tells the one who may hear it', async () => {
    const queue = '/queue/Consumer.listener.VirtualTopic.gantry.host.web1.lab.commands';
    const [heard] = await heardBy(['host.web1.lab'], queue);
    expect(new Set(heard)).toEqual(new Set([queue]));
  });

  it.each([
    '/queue/Consumer.listener.VirtualTopic.gantry.host.web2.lab.commands',
    '/queue/Consumer.orchestrator.VirtualTopic.gantry.deployment.commands',
  ])('H-033 does not let a host look into %s', async (queue) => {
    expect(await allows('host.web1.lab', subscribe(queue, 'browser:true\n'))).toBe(false);
  });

  const OWN = '/queue/Consumer.listener.VirtualTopic.gantry.host.web1.lab.commands';
  const OTHER = '/queue/Consumer.listener.VirtualTopic.gantry.host.web2.lab.commands';
  it.each([`${OWN},${OTHER}`, `${OTHER},${OWN}`, `${OWN},queue://${OTHER.slice(7)}`])(
    'H-034 does not let a host listen to %s',
    async (destination) => {
      expect(await allows('host.web1.lab', subscribe(destination))).toBe(false);
    },
  );

  it.each([
    '/topic/VirtualTopic.gantry.host.replies,/topic/VirtualTopic.gantry.lb.observations',
    '/topic/gantry.host.log,/queue/Consumer.orchestrator.VirtualTopic.gantry.deployment.commands',
    '/temp-queue/a,queue://Consumer.orchestrator.VirtualTopic.gantry.deployment.commands',
    '/temp-topic/a',
    '/temp-queue/a',
  ])('H-034 does not let a host write to %s', async (destination) => {
    expect(await allows('host.web1.lab', send(destination))).toBe(false);
  });

  it.each(NOT_OPERATORS.filter((name) => !name.endsWith('2.lab') && !name.endsWith('3.lab')))(
    'H-035 lets %s have no temporary destination',
    async (principal) => {
      expect(await allows(principal, subscribe('/temp-queue/mine'))).toBe(false);
      expect(await allows(principal, subscribe('/remote-temp-queue/ID:x-1-1:1:1'))).toBe(false);
    },
  );
});
