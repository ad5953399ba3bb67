import { describe, expect, it } from '@jest/globals';
import { MESSAGES } from './registry.js';
import { mayBeSentBy, sendersOf } from './senders.js';
import { actingTopic, TOPICS } from './topics.js';

const by = (type: string, principal: string, data: Record<string, unknown> = {}) =>
  mayBeSentBy({ type, data } as Parameters<typeof mayBeSentBy>[0], principal);

describe('who may say what', () => {
  it.each(MESSAGES.map(({ type, role }) => [type, role] as const))(
    '%s has a sender that may publish it',
    (type, role) => {
      const senders = sendersOf(type, role);
      expect(senders.length).toBeGreaterThan(0);
      const topic = actingTopic(type, role);
      const publishers: readonly string[] =
        topic === undefined ? senders : TOPICS[topic].publishers;
      expect(publishers).toEqual(expect.arrayContaining([...senders]));
    },
  );

  it.each([
    ['H-044 an approval that lb-controller claims', 'deployment.request', 'lb-controller'],
    ['H-044 a drain that the gateway claims', 'lb.drained', 'gateway'],
    ['H-044 a command in the name of the log', 'deployment.pause', 'orchestrator'],
    ['H-043 an end of a run that a host claims', 'puppet.run.finished', 'host.web1.lab'],
    ['H-043 an event that a host claims', 'deployment.succeeded', 'host.web1.lab'],
    ['H-043 what an operator of the broker says', 'deployment.request', 'ops'],
    ['a host command from anybody but the dispatcher', 'host.run.command', 'orchestrator'],
    ['a type that nobody knows', 'no.such', 'orchestrator'],
    ['a principal that nobody knows', 'lb.drained', 'lb-controller2'],
    ['a principal like a prototype', 'lb.drained', 'toString'],
  ])('refuses %s', (_what, type, principal) => {
    expect(by(type, principal)).toBe(false);
  });

  it('lets everybody speak for himself only', () => {
    expect(by('host.presence', 'host.web1.lab', { host: 'web1.lab' })).toBe(true);
    expect(by('host.presence', 'publisher.puppet.lab', { host: 'puppet.lab' })).toBe(true);
    expect(by('host.presence', 'host.web2.lab', { host: 'web1.lab' })).toBe(false);
    expect(by('host.log', 'host.web2.lab', { host: 'web1.lab' })).toBe(false);
    expect(by('service.presence', 'audit', { service: 'audit' })).toBe(true);
    expect(by('service.presence', 'audit', { service: 'orchestrator' })).toBe(false);
  });

  it('believes those whose work it is', () => {
    expect(by('lb.drained', 'lb-controller')).toBe(true);
    expect(by('deployment.request', 'gateway')).toBe(true);
    expect(by('lb.drain.requested', 'orchestrator')).toBe(true);
    expect(by('host.run.finished', 'host.web1.lab')).toBe(true);
    expect(by('desired.version.published', 'publisher.puppet.lab')).toBe(true);
  });
});
