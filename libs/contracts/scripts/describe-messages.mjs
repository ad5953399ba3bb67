import { z } from 'zod';

const DEFINITION =
  /(?:\/\*\*((?:(?!\*\/)[\s\S])*?)\*\/\s*)?export const \w+ = defineMessage\(\s*'[a-z]+',\s*'([a-z.-]+)'/g;

/** The docblock in front of each message definition, by message type: said once, in the source. */
export function docblocks(sources) {
  const found = sources.flatMap((source) => [...source.matchAll(DEFINITION)]);
  return new Map(
    found.map(([, text = '', type]) => [
      type,
      text
        .replace(/^\s*\* ?/gm, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    ]),
  );
}

/** A zod schema as JSON Schema, in the dialect AsyncAPI takes by default. */
export function schemaOf(schema) {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { target: 'draft-7' });
  return rest;
}

/** What travels where: every topic with its messages, then those that have a destination of their own. */
export function channelsOf({
  MESSAGES,
  TOPICS,
  actingTopic,
  topicDestination,
  queueDestination,
  ...other
}) {
  const acting = (topic) => MESSAGES.filter(({ type, role }) => actingTopic(type, role) === topic);
  const topics = Object.entries(TOPICS).map(([topic, { persistent, consumers }]) => ({
    name: topic,
    address: topicDestination(topic),
    persistent,
    // Every Puppet server needs its own copy of a wanted version: publishers do not share one queue.
    consumers: consumers.map((service) => ({
      service,
      queue:
        topic === 'desired.versions'
          ? other.publisherQueue('{server}')
          : queueDestination(service, topic),
    })),
    messages:
      topic === 'log.events'
        ? MESSAGES.filter(({ role }) => role === 'event' || role === 'request')
        : acting(topic),
  }));
  const byType = (...types) => MESSAGES.filter(({ type }) => types.includes(type));
  return [
    ...topics,
    {
      name: 'host.commands',
      address: other.hostCommandTopic('{certname}'),
      parameters: { certname: 'the host the command is for' },
      persistent: true,
      consumers: [{ service: 'listener', queue: other.hostCommandQueue('{certname}') }],
      messages: MESSAGES.filter(({ type, role }) => role === 'command' && type.startsWith('host.')),
    },
    {
      name: 'host.presence',
      address: other.HOST_PRESENCE_TOPIC,
      persistent: false,
      consumers: [],
      messages: byType('host.presence'),
    },
    {
      name: 'host.log',
      address: other.HOST_LOG_TOPIC,
      persistent: false,
      consumers: [],
      messages: byType('host.log'),
    },
  ];
}
