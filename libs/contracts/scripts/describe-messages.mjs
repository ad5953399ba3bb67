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
export function channelsOf(contracts) {
  return [...topicChannels(contracts), ...ownChannels(contracts)];
}

function topicChannels({ MESSAGES, TOPICS, actingTopic, topicDestination, ...queues }) {
  // Every Puppet server needs its own copy of a wanted version: publishers do not share one queue.
  const queueOf = (service, topic) =>
    topic === 'desired.versions'
      ? queues.publisherQueue('{server}')
      : queues.queueDestination(service, topic);
  return Object.entries(TOPICS).map(([topic, { persistent, consumers }]) => ({
    name: topic,
    address: topicDestination(topic),
    persistent,
    consumers: consumers.map((service) => ({ service, queue: queueOf(service, topic) })),
    messages: MESSAGES.filter(({ type, role }) =>
      topic === 'log.events'
        ? role === 'event' || role === 'request'
        : actingTopic(type, role) === topic,
    ),
  }));
}

function ownChannels({ MESSAGES, hostCommandTopic, hostCommandQueue, ...topics }) {
  const plain = (type, address) => ({
    name: type,
    address,
    persistent: false,
    consumers: [],
    messages: MESSAGES.filter((message) => message.type === type),
  });
  return [
    {
      name: 'host.commands',
      address: hostCommandTopic('{certname}'),
      parameters: { certname: 'the host the command is for' },
      persistent: true,
      consumers: [{ service: 'listener', queue: hostCommandQueue('{certname}') }],
      messages: MESSAGES.filter(({ type, role }) => role === 'command' && type.startsWith('host.')),
    },
    plain('host.presence', topics.HOST_PRESENCE_TOPIC),
    plain('service.presence', topics.SERVICE_PRESENCE_TOPIC),
    plain('host.log', topics.HOST_LOG_TOPIC),
  ];
}
