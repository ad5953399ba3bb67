import { OnMessage as OnPattern, OnRequest as OnRequestPattern } from '@gantry/stomp-transport';
import type { AnyMessage, Message, TopicName } from '@gantry/contracts';

type Handler<M extends Message> = (message: M, ...rest: never[]) => Promise<unknown>;

/** Decorates a method whose first parameter is the message it is for: another message's type does not compile. */
type HandlerDecorator<M extends Message> = <H extends Handler<M>>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<H>,
) => void;

/** The method handles this message: acknowledged when it settles, tried again or parked when it throws (by the error's kind). */
export function OnMessage<D extends AnyMessage>(
  definition: D,
): HandlerDecorator<Message<D['type']>> {
  return OnPattern(definition.type);
}

/** The method answers this request with what it returns. */
export function OnRequest<D extends AnyMessage>(
  definition: D,
): HandlerDecorator<Message<D['type']>> {
  return OnRequestPattern(definition.type);
}

/** The method handles every message of a family that has no handler of its own. */
export function OnFamily(topic: TopicName): HandlerDecorator<Message> {
  return OnPattern(familyPattern(topic));
}

/**
 * The method hears the live copy of every message of a family, beside whoever gets it from the queue: each replica does, and what is
 * said while none listens is not said again.
 */
export function OnLive(topic: TopicName): HandlerDecorator<Message> {
  return OnPattern(livePattern(topic));
}

/** The pattern under which the handler of a family's live copy is registered. */
export const livePattern = (topic: string): string => `live:${topic}`;

/** The pattern under which a family's common handler is registered. */
export const familyPattern = (topic: string): string => `family:${topic}`;
