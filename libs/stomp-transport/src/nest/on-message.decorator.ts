import { EventPattern, MessagePattern } from '@nestjs/microservices';

/** The transport id of `StompServer`: in an application with several transports its handlers go to it alone. */
export const STOMP_TRANSPORT = Symbol.for('STOMP');

/**
 * Marks the handler of a message type that is acknowledged once the handler has settled. Exactly one per pattern and service.
 * (Nest's own `@EventPattern('x')` picks an overload that refuses a typed `@Ctx()` parameter: TS1241.)
 */
export function OnMessage(pattern: string): MethodDecorator {
  return EventPattern(pattern, STOMP_TRANSPORT) as MethodDecorator;
}

/** Marks the handler of a request type: what it returns (the last value of an observable) is the reply. */
export function OnRequest(pattern: string): MethodDecorator {
  return MessagePattern(pattern, STOMP_TRANSPORT);
}
