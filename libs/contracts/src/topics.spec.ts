import { describe, expect, it } from '@jest/globals';
import { MESSAGES, type MessageType } from './registry.js';
import {
  actingTopic,
  hostCommandQueue,
  hostCommandTopic,
  parkedQueue,
  publisherQueue,
  queueDestination,
  replyQueue,
  REPLY_QUEUE_PREFIX,
  topicDestination,
  TOPICS,
  type TopicName,
} from './topics.js';

/** Which topic acts on what. Written out: a type that changes its topic by accident is a message nobody hears. */
const ACTS: Readonly<Record<TopicName, readonly MessageType[]>> = {
  'deployment.commands': [
    'deployment.request',
    'deployment.pause',
    'deployment.resume',
    'deployment.cancel',
    'deployment.rollback',
    'deployment.approve',
    'deployment.reject',
    'deployment.skip-host',
    'deployment.retry-host',
    'deployment.change-limits',
    'refresh.request',
    'build.lift-quarantine',
    'parked.replay',
    'parked.drop',
    'listener.resync',
    'hold.place',
    'hold.lift',
    'fleet.accept-change',
    'release.start',
    'release.stop',
    'release.pause',
    'release.resume',
    'release.answer-gate',
    'release.deployment-requested',
  ],
  'release.signals': [
    'build.seen',
    'build.quarantined',
    'build.quarantine-lifted',
    'deployment.refused',
    'deployment.succeeded',
    'deployment.succeeded-with-failures',
    'deployment.failed',
    'deployment.cancelled',
    'deployment.rolled-back',
    'deployment.rollback-failed',
    'deployment.expired',
    'deployment.superseded',
  ],
  'log.events': [],
  'lb.requests': ['lb.survey.requested', 'lb.drain.requested', 'lb.enable.requested'],
  'lb.observations': [
    'lb.pools.surveyed',
    'lb.drained',
    'lb.drain.failed',
    'lb.enabled',
    'lb.enable.failed',
  ],
  'puppet.requests': [
    'puppet.survey.requested',
    'puppet.publish.requested',
    'puppet.run.requested',
    'puppet.query.requested',
    'puppet.resync.requested',
  ],
  'puppet.observations': [
    'puppet.host.surveyed',
    'puppet.version.published',
    'puppet.publish.failed',
    'puppet.run.waiting',
    'puppet.run.started',
    'puppet.run.finished',
    'puppet.health.observed',
    'puppet.run.status',
    'puppet.host.resynced',
    'puppet.host.troubled',
    'puppet.host.recovered',
    'puppet.host.enrolled',
  ],
  'gate.requests': ['gate.requested', 'gate.cancel-requested'],
  'gate.observations': ['gate.started', 'gate.finished'],
  builds: ['build.observed', 'build.gone'],
  'build.looks': ['build.look'],
  'desired.versions': ['desired.version.command'],
  'audit.queries': [
    'audit.deployments.list',
    'audit.deployment.get',
    'audit.refresh.get',
    'audit.hosts.list',
    'audit.running.list',
    'audit.builds.list',
    'audit.attention.list',
    'audit.releases.list',
    'audit.release.get',
    'audit.why.get',
    'audit.holds.list',
    'audit.events.read',
    'audit.read-models.rebuild',
    'audit.status.get',
  ],
  'access.observations': ['access.refusal-observed'],
  'host.replies': [
    'host.run.waiting',
    'host.run.started',
    'host.run.finished',
    'host.health.observed',
    'host.run.status',
    'host.facts.reported',
    'desired.version.published',
    'desired.version.refused',
    'host.resynced',
    'host.command.refused',
    'host.key.seen',
  ],
};
/** Signed commands to one host, and notices, have destinations of their own. */
const OWN_DESTINATION: readonly MessageType[] = [
  'host.run.command',
  'host.query.command',
  'host.facts.command',
  'host.resync.command',
  'host.presence',
  'service.presence',
  'lb.standing',
  'host.log',
];

const topicOf = new Map(
  Object.entries(ACTS).flatMap(([topic, types]) => types.map((type) => [type, topic] as const)),
);

describe('actingTopic', () => {
  it.each(MESSAGES.map(({ type, role }) => [type, role] as const))('%s (%s)', (type, role) => {
    expect(actingTopic(type, role)).toBe(topicOf.get(type));
    const elsewhere = OWN_DESTINATION.includes(type);
    if (role !== 'event') expect(topicOf.has(type)).toBe(!elsewhere);
  });
});

describe('destinations', () => {
  it.each(Object.keys(TOPICS) as TopicName[])(
    '%s: every consumer has a queue of its own behind one topic',
    (topic) => {
      expect(topicDestination(topic)).toBe(`/topic/VirtualTopic.gantry.${topic}`);
      const queues = TOPICS[topic].consumers.map((service) => queueDestination(service, topic));
      expect(new Set(queues).size).toBe(queues.length);
      for (const queue of queues)
        expect(queue).toMatch(/^\/queue\/Consumer\.[a-z-]+\.VirtualTopic\.gantry\./);
    },
  );

  it('a host hears its own commands only', () => {
    expect(hostCommandTopic('web1.example.net')).toBe(
      '/topic/VirtualTopic.gantry.host.web1.example.net.commands',
    );
    expect(hostCommandQueue('web1.example.net')).toBe(
      '/queue/Consumer.listener.VirtualTopic.gantry.host.web1.example.net.commands',
    );
  });

  it('the consumer part of a queue is one word: the broker matches Consumer.*.VirtualTopic.>', () => {
    expect(publisherQueue('puppet1.example.net')).toBe(
      '/queue/Consumer.publisher-puppet1_example_net.VirtualTopic.gantry.desired.versions',
    );
  });

  it('replies go to an instance, parked messages to a service', () => {
    expect(replyQueue('gateway', 'gw-1')).toBe(`${REPLY_QUEUE_PREFIX}gateway.gw-1`);
    expect(parkedQueue('orchestrator')).toBe('/queue/gantry.parked.orchestrator');
  });
});
