import {
  DesiredVersionCommand,
  Envelope,
  HostFactsCommand,
  HostQueryCommand,
  HostRunCommand,
  schemaVersionOf,
  type DataOf,
  type MessageDefinition,
} from '@gantry/contracts';
import { createHash } from 'node:crypto';
import type { CommandContext } from './command-context.js';

/** A command that was read; what it asks for is in `action`. */
export type ParsedCommand = { readonly context: CommandContext } & (
  | { readonly action: 'run'; readonly data: DataOf<typeof HostRunCommand> }
  | { readonly action: 'query'; readonly data: DataOf<typeof HostQueryCommand> }
  | { readonly action: 'facts'; readonly data: DataOf<typeof HostFactsCommand> }
  | { readonly action: 'desired'; readonly data: DataOf<typeof DesiredVersionCommand> }
);

/** What each role takes; the list is closed. */
export const ACTIONS = {
  agent: { run: HostRunCommand, query: HostQueryCommand, facts: HostFactsCommand },
  publisher: { desired: DesiredVersionCommand },
} as const;
export type Role = keyof typeof ACTIONS;

/** Reads a command whose signature was found good, or says why it is none. Strict: a field we do not know may be a limit we ignore. */
export function parseCommand(body: Buffer, role: Role): ParsedCommand | string {
  const envelope = Envelope.safeParse(parseJson(body));
  if (!envelope.success) return 'not an envelope';
  const { type, data } = envelope.data;
  const actions: Readonly<Record<string, MessageDefinition>> = ACTIONS[role];
  const found = Object.entries(actions).find(([, definition]) => definition.type === type);
  if (found === undefined) return `${type} is not among this role's actions`;
  const [action, definition] = found;
  if (schemaVersionOf(envelope.data) !== definition.version) {
    return `${type} has a version this listener does not know; install a newer listener`;
  }
  const parsed = definition.strict.safeParse(data);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return `${type}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
  }
  const context = contextOf(envelope.data, parsed.data as ParsedCommand['data'], body);
  return { action, data: parsed.data, context } as ParsedCommand;
}

function contextOf(
  envelope: Envelope,
  data: { readonly cmdId: string; readonly stream: string },
  body: Buffer,
): CommandContext {
  return {
    cmdId: data.cmdId,
    stream: data.stream,
    commandHash: createHash('sha256').update(body).digest('hex'),
    correlationId: envelope.correlationid,
    causationId: envelope.id,
    actor: envelope.actor,
  };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
