import type { Message } from '@gantry/contracts';
import type { StompContext } from '@gantry/stomp-transport';

/** Handles messages of one type; what a request's handler returns is the answer. */
export type Route = (message: Message, context: StompContext) => Promise<unknown>;

const PATTERN = 'microservices:pattern';

/** The handlers of controllers by the type they are for, as the transport finds them. */
export function routesOf(controllers: readonly object[]): ReadonlyMap<string, Route> {
  return new Map(controllers.flatMap(routesOfOne));
}

function routesOfOne(controller: object): (readonly [string, Route])[] {
  const prototype = Object.getPrototypeOf(controller) as object;
  const descriptors: Readonly<Record<string, PropertyDescriptor>> =
    Object.getOwnPropertyDescriptors(prototype);
  return Object.values(descriptors).flatMap(({ value }) => {
    const method: unknown = value;
    if (typeof method !== 'function') return [];
    const patterns: unknown = Reflect.getMetadata(PATTERN, method);
    const handle = method.bind(controller) as Route;
    return Array.isArray(patterns) ? patterns.map((type) => [String(type), handle] as const) : [];
  });
}
