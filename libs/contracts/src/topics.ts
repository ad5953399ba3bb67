import type { MessageRole } from './define.js';

/** The services that run beside the broker; each has an account of its own there. */
export const SERVICES = [
  'orchestrator',
  'puppet-dispatcher',
  'lb-controller',
  'build-watcher',
  'audit',
  'gateway',
  'verifier',
] as const;

/** Services that own a queue. */
export type ServiceName = (typeof SERVICES)[number] | 'listener';

/** Families of messages: one topic each. Order holds per queue only, so one queue per service and family. */
export const TOPICS = {
  'deployment.commands': {
    persistent: true,
    publishers: ['gateway', 'orchestrator'],
    consumers: ['orchestrator'],
  },
  'log.events': {
    persistent: true,
    publishers: ['orchestrator'],
    consumers: ['audit'],
  },
  'lb.requests': {
    persistent: true,
    publishers: ['orchestrator'],
    consumers: ['lb-controller'],
  },
  'lb.observations': {
    persistent: true,
    publishers: ['lb-controller'],
    consumers: ['orchestrator'],
  },
  'puppet.requests': {
    persistent: true,
    publishers: ['orchestrator'],
    consumers: ['puppet-dispatcher'],
  },
  'puppet.observations': {
    persistent: true,
    publishers: ['puppet-dispatcher'],
    consumers: ['orchestrator'],
  },
  'gate.requests': {
    persistent: true,
    publishers: ['orchestrator'],
    consumers: ['verifier'],
  },
  'gate.observations': {
    persistent: true,
    publishers: ['verifier'],
    consumers: ['orchestrator'],
  },
  builds: {
    persistent: true,
    publishers: ['build-watcher'],
    consumers: ['orchestrator'],
  },
  'release.signals': {
    persistent: true,
    publishers: ['orchestrator'],
    consumers: ['orchestrator'],
  },
  'access.observations': {
    persistent: true,
    publishers: ['gateway', 'puppet-dispatcher'],
    consumers: ['orchestrator'],
  },
  // A look that was missed is no loss: build-watcher looks by itself, and a queue nobody empties must not fill the broker.
  'build.looks': {
    persistent: false,
    publishers: ['gateway'],
    consumers: ['build-watcher'],
  },
  'desired.versions': {
    persistent: true,
    publishers: ['puppet-dispatcher'],
    consumers: ['listener'],
  },
  'audit.queries': {
    persistent: false,
    publishers: ['gateway'],
    consumers: ['audit'],
  },
  'host.replies': {
    persistent: true,
    publishers: ['listener'],
    consumers: ['puppet-dispatcher'],
  },
} as const satisfies Record<
  string,
  {
    persistent: boolean;
    /** Who may say it; `listener` stands for the hosts' agents and the Puppet servers' publishers. */
    publishers: readonly ServiceName[];
    consumers: readonly ServiceName[];
  }
>;
export type TopicName = keyof typeof TOPICS;

/** Where a family is published. */
export const topicDestination = (topic: TopicName): string => `/topic/VirtualTopic.gantry.${topic}`;

/** Where a service consumes a family; all replicas share the queue. */
export const queueDestination = (service: ServiceName, topic: TopicName): string =>
  `/queue/Consumer.${service}.VirtualTopic.gantry.${topic}`;

/** Where commands to one host are published, and where its listener consumes them. */
export const hostCommandTopic = (host: string): string =>
  `/topic/VirtualTopic.gantry.host.${host}.commands`;
export const hostCommandQueue = (host: string): string =>
  `/queue/Consumer.listener.VirtualTopic.gantry.host.${host}.commands`;

/** Where the publisher beside one Puppet server consumes wanted versions; each server has a queue of its own. */
export const publisherQueue = (server: string): string =>
  `/queue/Consumer.publisher-${server.replaceAll('.', '_')}.VirtualTopic.gantry.desired.versions`;

/** Reply queue of one instance; no temporary destinations. */
export const replyQueue = (service: ServiceName, instance: string): string =>
  `/queue/replies.${service}.${instance}`;
export const REPLY_QUEUE_PREFIX = '/queue/replies.';

/** Where a service parks what it cannot handle. */
export const parkedQueue = (service: ServiceName): string => `/queue/gantry.parked.${service}`;

/** Plain topics: non-persistent, lost when nobody listens; pictures, never facts. */
export const HOST_LOG_TOPIC = '/topic/gantry.host.log';
export const HOST_PRESENCE_TOPIC = '/topic/gantry.host.presence';
export const SERVICE_PRESENCE_TOPIC = '/topic/gantry.service.presence';
export const LB_STANDING_TOPIC = '/topic/gantry.lb.standing';
/** The live copy of the log for screens: every gateway hears it, nobody waits for it. */
export const LIVE_EVENTS_TOPIC = '/topic/VirtualTopic.gantry.log.events';
/** The live copy of what gates are asked: a queue gives a cancel to one verifier, and another may run the gate. */
export const LIVE_GATE_REQUESTS_TOPIC = topicDestination('gate.requests');

/** Events that a release may wait for: the orchestrator takes them to it. */
const RELEASE_SIGNALS = [
  'build.seen',
  'build.quarantine',
  'deployment.refused',
  'deployment.succeeded',
  'deployment.failed',
  'deployment.cancelled',
  'deployment.rolled-back',
  'deployment.rollback-failed',
  'deployment.expired',
  'deployment.superseded',
] as const;

/** Who says and who hears what is only said live. */
export const LIVE_TOPICS: readonly {
  readonly destination: string;
  readonly publishers: readonly ServiceName[];
  readonly listeners: readonly ServiceName[];
}[] = [
  { destination: HOST_LOG_TOPIC, publishers: ['listener'], listeners: ['gateway'] },
  { destination: HOST_PRESENCE_TOPIC, publishers: ['listener'], listeners: ['audit'] },
  {
    destination: SERVICE_PRESENCE_TOPIC,
    publishers: SERVICES,
    listeners: ['orchestrator', 'gateway'],
  },
  { destination: LB_STANDING_TOPIC, publishers: ['orchestrator'], listeners: ['lb-controller'] },
  { destination: LIVE_EVENTS_TOPIC, publishers: ['orchestrator'], listeners: ['gateway'] },
  { destination: LIVE_GATE_REQUESTS_TOPIC, publishers: ['orchestrator'], listeners: ['verifier'] },
];

/** Families whose messages are answered, and who waits for the answer. */
export const ANSWERED_TOPICS = [
  { topic: 'deployment.commands', asker: 'gateway' },
  { topic: 'audit.queries', asker: 'gateway' },
] as const satisfies readonly { topic: TopicName; asker: ServiceName }[];

const TOPIC_OF_PREFIX: readonly (readonly [prefix: string, role: MessageRole, topic: TopicName])[] =
  [
    ['lb.', 'request', 'lb.requests'],
    ['lb.', 'observation', 'lb.observations'],
    ['puppet.', 'request', 'puppet.requests'],
    ['puppet.', 'observation', 'puppet.observations'],
    ['gate.', 'request', 'gate.requests'],
    ['gate.', 'observation', 'gate.observations'],
    ['build.', 'observation', 'builds'],
    ['access.', 'observation', 'access.observations'],
    ['deployment.', 'command', 'deployment.commands'],
    ['refresh.', 'command', 'deployment.commands'],
    ['build.look', 'command', 'build.looks'],
    ['release.', 'command', 'deployment.commands'],
    ['release.', 'request', 'deployment.commands'],
    ['build.', 'command', 'deployment.commands'],
    ['parked.', 'command', 'deployment.commands'],
    ['listener.', 'command', 'deployment.commands'],
    ['hold.', 'command', 'deployment.commands'],
    ['fleet.', 'command', 'deployment.commands'],
    ['audit.', 'query', 'audit.queries'],
    ['host.', 'observation', 'host.replies'],
    ...RELEASE_SIGNALS.map((type) => [type, 'event', 'release.signals'] as const),
    ['desired.', 'observation', 'host.replies'],
    ['desired.', 'command', 'desired.versions'],
  ];

/**
 * The topic that acts on a message: requests go to the service that carries them out, everything else by its family.
 * Undefined for events that nobody acts on (`log.events` carries those) and for what has a destination of its own (host commands, notices).
 */
export function actingTopic(type: string, role: MessageRole): TopicName | undefined {
  return TOPIC_OF_PREFIX.find(([prefix, r]) => r === role && type.startsWith(prefix))?.[2];
}
