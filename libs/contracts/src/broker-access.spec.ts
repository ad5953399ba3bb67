import { describe, expect, it } from '@jest/globals';
import { brokerAccess, brokerAllows, brokerDestinations, brokerForwards } from './broker-access.js';
import { brokerPrincipals } from './principals.js';
import {
  hostCommandQueue,
  publisherQueue,
  queueDestination,
  topicDestination,
  TOPICS,
  type TopicName,
} from './topics.js';

const FLEET = { hosts: ['web1.lab', 'web2.lab'], puppetServers: ['puppet.lab'] };
const WRITERS: Readonly<Partial<Record<TopicName, readonly string[]>>> = {
  'deployment.commands': ['gateway', 'orchestrator'],
  'log.events': ['orchestrator'],
  'lb.requests': ['orchestrator'],
  'lb.observations': ['lb-controller'],
  'puppet.requests': ['orchestrator'],
  'puppet.observations': ['puppet-dispatcher'],
  'gate.observations': ['verifier'],
  builds: ['build-watcher'],
  'host.replies': ['host.web1.lab', 'host.web2.lab', 'publisher.puppet.lab'],
};

const may = (right: 'read' | 'write', destination: string) =>
  brokerPrincipals(FLEET).filter(
    (principal) => principal !== 'ops' && brokerAllows(FLEET, principal, right, destination),
  );

describe('the rights at the broker', () => {
  it.each(Object.entries(WRITERS))('let only those say %s whose work it is', (topic, writers) => {
    expect(may('write', topicDestination(topic as TopicName)).sort()).toEqual([...writers].sort());
  });

  it('let a host hear its own commands, and nobody else', () => {
    expect(may('read', hostCommandQueue('web1.lab'))).toEqual(['host.web1.lab']);
    expect(may('read', hostCommandQueue('web3.lab'))).toEqual([]);
    expect(may('read', publisherQueue('puppet.lab'))).toEqual(['publisher.puppet.lab']);
  });

  it('let each service empty its own queues', () => {
    for (const [topic, { consumers }] of Object.entries(TOPICS))
      for (const service of consumers.filter((name) => name !== 'listener'))
        expect(may('read', queueDestination(service, topic as TopicName))).toEqual([service]);
  });

  it('give nobody a pattern of queues to read but for replies', () => {
    const patterns = brokerAccess(FLEET).filter(
      ({ destination, read }) => /[*>]/.test(destination) && read.some((name) => name !== 'ops'),
    );
    expect(patterns.map(({ destination }) => destination)).toEqual(['/queue/replies.gateway.>']);
  });

  it('let nobody make what is read by its name', () => {
    const made = brokerAccess(FLEET).filter(({ admin }) => admin.some((name) => name !== 'ops'));
    expect(
      made.filter(({ destination }) => brokerDestinations(FLEET).includes(destination)),
    ).toEqual([]);
  });

  it('are nothing to a stranger', () => {
    expect(brokerAllows(FLEET, 'nobody', 'write', topicDestination('log.events'))).toBe(false);
  });

  it('copy every family to every queue behind it, and make each', () => {
    const copies = brokerForwards(FLEET).flatMap(({ queues }) => queues);
    expect(new Set(copies).size).toBe(copies.length);
    expect(brokerDestinations(FLEET)).toEqual(expect.arrayContaining([...copies]));
    expect(copies).toContain(hostCommandQueue('web2.lab'));
    expect(copies).toContain(publisherQueue('puppet.lab'));
  });
});
