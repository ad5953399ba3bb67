import type { MessageRole } from './define.js';

/** Services that own a queue. */
export type ServiceName =
  | 'orchestrator'
  | 'puppet-dispatcher'
  | 'lb-controller'
  | 'build-watcher'
  | 'audit'
  | 'gateway'
  | 'verifier'
  | 'listener';

/** Families of messages: one topic each. Order holds per queue only, so one queue per service and family. */
export const TOPICS = {
  'deployment.commands': { persistent: true, consumers: ['orchestrator'] },
  'log.events': { persistent: true, consumers: ['audit'] },
  'lb.requests': { persistent: true, consumers: ['lb-controller'] },
  'lb.observations': { persistent: true, consumers: ['orchestrator'] },
  'puppet.requests': { persistent: true, consumers: ['puppet-dispatcher'] },
  'puppet.observations': { persistent: true, consumers: ['orchestrator'] },
  'gate.requests': { persistent: true, consumers: ['verifier'] },
  'gate.observations': { persistent: true, consumers: ['orchestrator'] },
  builds: { persistent: true, consumers: ['orchestrator'] },
  'release.signals': { persistent: true, consumers: ['orchestrator'] },
  'access.observations': { persistent: true, consumers: ['orchestrator'] },
  // A look that was missed is no loss: build-watcher looks by itself, and a queue nobody empties must not fill the broker.
  'build.looks': { persistent: false, consumers: ['build-watcher'] },
  'desired.versions': { persistent: true, consumers: ['listener'] },
  'audit.queries': { persistent: false, consumers: ['audit'] },
  'host.replies': { persistent: true, consumers: ['puppet-dispatcher'] },
} as const satisfies Record<string, { persistent: boolean; consumers: readonly ServiceName[] }>;
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
/** The live copy of the log for screens: every gateway hears it, nobody waits for it. */
export const LIVE_EVENTS_TOPIC = '/topic/VirtualTopic.gantry.log.events';

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
] as const;

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
