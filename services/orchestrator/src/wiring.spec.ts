import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { actingTopic, MESSAGES, TOPICS, type TopicName } from '@gantry/contracts';
import { FAMILIES } from './families.js';
import { OrchestratorModule } from './orchestrator.module.js';

const PATTERN = 'microservices:pattern';

/** The message types that the module's controllers have a handler for. */
function handled(): readonly string[] {
  const controllers = Reflect.getMetadata('controllers', OrchestratorModule) as readonly {
    readonly prototype: object;
  }[];
  return controllers.flatMap(({ prototype }) =>
    Object.values(Object.getOwnPropertyDescriptors(prototype)).flatMap(({ value }) => {
      const patterns: unknown =
        typeof value === 'function' ? Reflect.getMetadata(PATTERN, value as object) : undefined;
      return Array.isArray(patterns) ? patterns.map(String) : [];
    }),
  );
}

/** Told on plain topics. */
const HEARD_LIVE: readonly string[] = ['service.presence'];

const topicOf = ({ type, role }: (typeof MESSAGES)[number]): TopicName | undefined =>
  actingTopic(type, role);
const families: readonly TopicName[] = FAMILIES;

describe('the wiring of the orchestrator', () => {
  it('has one handler for every message of the families it consumes, and no other', () => {
    const consumed = MESSAGES.filter(
      (m) => families.includes(topicOf(m) ?? 'log.events') || HEARD_LIVE.includes(m.type),
    );
    expect([...handled()].sort()).toEqual(consumed.map((m) => m.type).sort());
  });

  it('consumes every family that is meant for it and has messages by now', () => {
    const used = new Set(MESSAGES.map(topicOf));
    const meant = Object.entries(TOPICS)
      .filter(([, topic]) => (topic.consumers as readonly string[]).includes('orchestrator'))
      .map(([name]) => name as TopicName)
      .filter((name) => used.has(name));
    expect(meant.sort()).toEqual([...families].sort());
  });
});
