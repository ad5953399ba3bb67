import { SERVICE_PRESENCE_TOPIC, type TopicName } from '@gantry/contracts';

/** What the orchestrator consumes: what people ask for, what the world answers, what repositories show. */
export const FAMILIES = [
  'deployment.commands',
  'lb.observations',
  'puppet.observations',
  'builds',
  'access.observations',
  'release.signals',
  'gate.observations',
] as const satisfies readonly TopicName[];

/** What it listens to live. */
export const PLAIN_TOPICS: readonly string[] = [SERVICE_PRESENCE_TOPIC];
