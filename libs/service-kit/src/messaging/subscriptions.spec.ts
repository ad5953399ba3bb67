import { describe, expect, it } from '@jest/globals';
import { HOST_PRESENCE_TOPIC, LIVE_EVENTS_TOPIC, queueDestination } from '@gantry/contracts';
import { patternFor, subscriptionsOf } from './subscriptions.js';

describe('subscriptionsOf', () => {
  it('makes one shared queue per family, and listens live to plain topics', () => {
    expect(subscriptionsOf('audit', ['log.events'], [HOST_PRESENCE_TOPIC])).toEqual([
      {
        destination: '/queue/Consumer.audit.VirtualTopic.gantry.log.events',
        ack: 'client-individual',
      },
      { destination: '/topic/gantry.host.presence', ack: 'auto' },
    ]);
  });
});

describe('patternFor', () => {
  const queue = queueDestination('audit', 'log.events');
  const knows =
    (...patterns: string[]) =>
    (pattern: string) =>
      patterns.includes(pattern);

  it('prefers the handler of the type', () => {
    expect(patternFor('build.seen', queue, knows('build.seen', 'family:log.events'))).toBe(
      'build.seen',
    );
  });

  it.each([queue, LIVE_EVENTS_TOPIC])("falls back to the family's handler for %s", (from) => {
    expect(patternFor('build.seen', from, knows('family:log.events'))).toBe('family:log.events');
  });

  it('takes a live copy apart from what comes by the queue, where somebody listens for it', () => {
    const has = knows('live:log.events', 'build.seen', 'family:log.events');
    expect(patternFor('build.seen', LIVE_EVENTS_TOPIC, has)).toBe('live:log.events');
    expect(patternFor('build.seen', queue, has)).toBe('build.seen');
  });

  it('leaves a type nobody handles as it is, so that it is parked under its own name', () => {
    expect(patternFor('build.seen', queue, knows('family:builds'))).toBe('build.seen');
    expect(patternFor('host.presence', HOST_PRESENCE_TOPIC, knows())).toBe('host.presence');
  });
});
