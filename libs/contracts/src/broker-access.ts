import {
  brokerPrincipals,
  groupsOf,
  hostPrincipal,
  HOSTS,
  OPERATORS,
  publisherPrincipal,
  PUBLISHERS,
  type BrokerFleet,
} from './principals.js';
import {
  ANSWERED_TOPICS,
  hostCommandQueue,
  hostCommandTopic,
  LIVE_TOPICS,
  parkedQueue,
  publisherQueue,
  queueDestination,
  REPLY_QUEUE_PREFIX,
  SERVICES,
  topicDestination,
  TOPICS,
  type ServiceName,
  type TopicName,
} from './topics.js';

export type BrokerRight = 'read' | 'write' | 'admin';

/** One line of the broker's table: which groups may do what at a destination or pattern (`/queue/…`, `/topic/…`). */
export interface AccessLine {
  readonly destination: string;
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly admin: readonly string[];
}

interface Grant {
  readonly destination: string;
  readonly to: readonly string[];
  readonly rights: readonly BrokerRight[];
}

const FAMILIES = Object.keys(TOPICS) as TopicName[];
/** Hands parked messages back to the queue they were taken from, on a person's word. */
const REPLAYS: ServiceName = 'orchestrator';
/** A certname has one to six words; `*` stands for exactly one. */
const CERTNAMES = Array.from({ length: 6 }, (_, more) =>
  Array(more + 1)
    .fill('*')
    .join('.'),
);

/**
 * Who may do what at the broker, from the table of topics: everybody only what it has to say and to hear. What no line allows is
 * refused.
 *
 * Nobody but operators may make what is read by its name (`brokerDestinations`): whoever listens with a wildcard would hear what is
 * made after he came, whatever his rights.
 */
export function brokerAccess(fleet: BrokerFleet): readonly AccessLine[] {
  const grants = [
    ...operators(),
    ...FAMILIES.flatMap(familyGrants),
    ...liveGrants(),
    ...replyGrants(),
    ...SERVICES.flatMap(parkedGrants),
    ...listenerGrants(fleet),
  ];
  const byDestination = new Map<string, Grant[]>();
  for (const one of grants)
    byDestination.set(one.destination, [...(byDestination.get(one.destination) ?? []), one]);
  return [...byDestination].map(([destination, own]) => ({
    destination,
    read: holders(own, 'read'),
    write: holders(own, 'write'),
    admin: holders(own, 'admin'),
  }));
}

/** What the broker makes when it starts: a queue that is made later would have missed what was said before. */
export const brokerDestinations = (fleet: BrokerFleet): readonly string[] =>
  brokerAccess(fleet)
    .map(({ destination }) => destination)
    .filter((destination) => !/[*>]/.test(destination));

/** A topic and the queues that get a copy of everything said there. */
export interface BrokerForward {
  readonly topic: string;
  readonly queues: readonly string[];
}

/** Who gets a copy of what, each by its name: a rule with a wildcard would make queues for whoever asks, against every right. */
export const brokerForwards = ({ hosts, puppetServers }: BrokerFleet): readonly BrokerForward[] => [
  ...FAMILIES.map((topic) => ({
    topic: topicDestination(topic),
    queues: TOPICS[topic].consumers.flatMap((service) =>
      service === 'listener'
        ? puppetServers.map(publisherQueue)
        : [queueDestination(service, topic)],
    ),
  })),
  ...hosts.map((host) => ({ topic: hostCommandTopic(host), queues: [hostCommandQueue(host)] })),
];

/** Whether a principal may do something at a destination that is named in full: the table as the broker is to read it. */
export function brokerAllows(
  fleet: BrokerFleet,
  principal: string,
  right: BrokerRight,
  destination: string,
): boolean {
  if (!brokerPrincipals(fleet).includes(principal)) return false;
  const groups = groupsOf(principal);
  return brokerAccess(fleet).some(
    (line) =>
      covers(line.destination, destination) && line[right].some((name) => groups.includes(name)),
  );
}

/** `*` is one word, `>` at the end whatever follows. */
function covers(pattern: string, destination: string): boolean {
  const [kind, words] = parts(pattern);
  const [wantedKind, wanted] = parts(destination);
  const open = words.at(-1) === '>';
  const fixed = open ? words.slice(0, -1) : words;
  if (kind !== wantedKind || (open ? wanted.length < words.length : wanted.length !== words.length))
    return false;
  return fixed.every((word, at) => word === '*' || word === wanted[at]);
}

function parts(destination: string): readonly [kind: string, words: readonly string[]] {
  const [, kind = '', path = ''] = destination.split('/');
  return [kind, path.split('.')];
}

const operators = (): Grant[] =>
  ['/queue/>', '/topic/>'].map((destination) =>
    grant(destination, [OPERATORS], 'read', 'write', 'admin'),
  );

function familyGrants(topic: TopicName): Grant[] {
  const { publishers, consumers } = TOPICS[topic];
  return [
    grant(topicDestination(topic), publishers.flatMap(groupsOfRole), 'write'),
    ...consumers
      .filter((service) => service !== 'listener')
      .flatMap((service) => [
        grant(queueDestination(service, topic), [service], 'read'),
        grant(queueDestination(service, topic), [REPLAYS], 'write'),
      ]),
  ];
}

const liveGrants = (): Grant[] =>
  LIVE_TOPICS.flatMap(({ destination, publishers, listeners }) => [
    grant(destination, publishers.flatMap(groupsOfRole), 'write'),
    grant(destination, listeners, 'read'),
  ]);

/** Reply queues come and go with the instance that asks: both sides may make them, or an answer to one that went would end a connection. */
function replyGrants(): Grant[] {
  return ANSWERED_TOPICS.flatMap(({ topic, asker }) => {
    const queues = `${REPLY_QUEUE_PREFIX}${asker}.>`;
    const { consumers } = TOPICS[topic];
    return [grant(queues, [asker], 'read', 'admin'), grant(queues, consumers, 'write', 'admin')];
  });
}

const parkedGrants = (service: (typeof SERVICES)[number]): Grant[] => [
  grant(parkedQueue(service), [service], 'write'),
  grant(parkedQueue(service), [REPLAYS], 'read'),
];

function listenerGrants({ hosts, puppetServers }: BrokerFleet): Grant[] {
  return [
    ...CERTNAMES.map((any) =>
      grant(hostCommandTopic(any), ['puppet-dispatcher'], 'write', 'admin'),
    ),
    ...hosts.map((host) => grant(hostCommandQueue(host), [hostPrincipal(host)], 'read')),
    ...puppetServers.map((server) =>
      grant(publisherQueue(server), [publisherPrincipal(server)], 'read'),
    ),
  ];
}

const groupsOfRole = (service: ServiceName): readonly string[] =>
  service === 'listener' ? [HOSTS, PUBLISHERS] : [service];

const grant = (destination: string, to: readonly string[], ...rights: BrokerRight[]): Grant => ({
  destination,
  to,
  rights,
});

const holders = (grants: readonly Grant[], right: BrokerRight): readonly string[] => [
  ...new Set(grants.filter(({ rights }) => rights.includes(right)).flatMap(({ to }) => to)),
];
