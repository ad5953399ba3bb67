import { queueDestination, type ServiceName, type TopicName } from '@gantry/contracts';
import type { SubscribeOptions } from '@gantry/stomp-transport';
import { familyPattern, livePattern } from './on-message.decorator.js';

/** What a service receives: one queue per family, and plain topics, whose messages are lost when nobody listens. */
export function subscriptionsOf(
  service: ServiceName,
  families: readonly TopicName[],
  plainTopics: readonly string[],
): readonly SubscribeOptions[] {
  return [
    ...families.map((family) => ({
      destination: queueDestination(service, family),
      ack: 'client-individual' as const,
    })),
    ...plainTopics.map((destination) => ({ destination, ack: 'auto' as const })),
  ];
}

const FAMILY = /VirtualTopic\.gantry\.(.+)$/;

/**
 * The handler a message goes to: of a live copy the one for those, where there is one; else the one of its type, or its family's common
 * one when only that exists.
 */
export function patternFor(
  type: string,
  destination: string,
  has: (pattern: string) => boolean,
): string {
  const family = FAMILY.exec(destination)?.[1];
  if (family === undefined) return type;
  const live = livePattern(family);
  if (destination.startsWith('/topic/') && has(live)) return live;
  if (has(type)) return type;
  const common = familyPattern(family);
  return has(common) ? common : type;
}
