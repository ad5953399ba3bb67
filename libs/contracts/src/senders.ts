import type { MessageRole } from './define.js';
import type { Message } from './codec.js';
import { roleOf } from './principals.js';
import { definitionOf } from './registry.js';
import { actingTopic, SERVICES, TOPICS, type ServiceName } from './topics.js';

/** Who may say a message of this type: what the log holds comes from its keeper, everything else from whoever it is the work of. */
export function sendersOf(type: string, role: MessageRole): readonly ServiceName[] {
  if (role === 'event' || role === 'request') return ['orchestrator'];
  if (type === 'service.presence') return SERVICES;
  if (type === 'lb.standing') return ['orchestrator'];
  const topic = actingTopic(type, role);
  if (topic !== undefined)
    return TOPICS[topic].publishers.filter((service) => service !== 'orchestrator');
  return role === 'notice' ? ['listener'] : ['puppet-dispatcher'];
}

/**
 * Whether the broker's word for who sent a message fits the message: its type, and for what a host or a service says of itself, the
 * name in it.
 */
export function mayBeSentBy(message: Pick<Message, 'type' | 'data'>, principal: string): boolean {
  const role = definitionOf(message.type)?.role;
  const sender = roleOf(principal);
  if (role === undefined || sender === undefined) return false;
  return sendersOf(message.type, role).includes(sender) && speaksForItself(message, principal);
}

function speaksForItself(
  { type, data }: Pick<Message, 'type' | 'data'>,
  principal: string,
): boolean {
  const said = data as { readonly host?: unknown; readonly service?: unknown };
  if (type === 'service.presence') return said.service === principal;
  if (type === 'host.presence' || type === 'host.log')
    return principal.slice(principal.indexOf('.') + 1) === said.host;
  return true;
}
