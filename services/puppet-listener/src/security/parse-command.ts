import {
  DesiredVersionCommand,
  Envelope,
  HostFactsCommand,
  HostQueryCommand,
  HostResyncCommand,
  HostRunCommand,
  schemaVersionOf,
  type DataOf,
  type MessageDefinition,
} from '@gantry/contracts';
import { createHash } from 'node:crypto';
import type { CommandContext } from './command-context.js';

/** A command that was read; what it asks for is in `action`. */
export type ParsedCommand = { readonly context: CommandContext; readonly type: string } & (
  | { readonly action: 'run'; readonly data: DataOf<typeof HostRunCommand> }
  | { readonly action: 'query'; readonly data: DataOf<typeof HostQueryCommand> }
  | { readonly action: 'facts'; readonly data: DataOf<typeof HostFactsCommand> }
  | { readonly action: 'resync'; readonly data: DataOf<typeof HostResyncCommand> }
  | { readonly action: 'desired'; readonly data: DataOf<typeof DesiredVersionCommand> }
);

/** What each role takes; the list is closed. */
export const ACTIONS = {
  agent: {
    run: HostRunCommand,
    query: HostQueryCommand,
    facts: HostFactsCommand,
    resync: HostResyncCommand,
  },
  publisher: { desired: DesiredVersionCommand, resync: HostResyncCommand },
} as const;
export type Role = keyof typeof ACTIONS;

/** A signed message that this listener does not understand; whom to tell, when at least that could be read. */
export interface Unread {
  readonly problem: string;
  readonly answerTo?: {
    readonly type: string;
    readonly context: CommandContext;
    readonly aud: Addressee;
  };
}
type Addressee = DataOf<typeof HostRunCommand>['aud'];

/** Who is asked by whom: the part that commands of every version have. */
const Addressed = HostRunCommand.schema.pick({ aud: true, cmdId: true, stream: true });

/** Reads a command whose signature was found good, or says why it is none. Strict: a field we do not know may be a limit we ignore. */
export function parseCommand(body: Buffer, role: Role): ParsedCommand | Unread {
  const envelope = Envelope.safeParse(parseJson(body));
  if (!envelope.success) return { problem: 'not an envelope' };
  const read = definitionFor(envelope.data, role);
  if (typeof read === 'string') return unread(read, envelope.data, body);
  const { type } = envelope.data;
  const parsed = read.definition.strict.safeParse(envelope.data.data);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const what = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
    const problem = `${type}: ${what}; is the listener older or newer than the dispatcher?`;
    return unread(problem, envelope.data, body);
  }
  const context = contextOf(envelope.data, parsed.data as ParsedCommand['data'], body);
  return { action: read.action, type, data: parsed.data, context } as ParsedCommand;
}

function unread(problem: string, envelope: Envelope, body: Buffer): Unread {
  const addressed = Addressed.safeParse(envelope.data);
  if (!addressed.success) return { problem };
  const { aud } = addressed.data;
  const context = contextOf(envelope, addressed.data, body);
  return { problem, answerTo: { type: envelope.type, aud, context } };
}

function definitionFor(
  envelope: Envelope,
  role: Role,
): { readonly action: string; readonly definition: MessageDefinition } | string {
  const { type } = envelope;
  const actions: Readonly<Record<string, MessageDefinition>> = ACTIONS[role];
  const found = Object.entries(actions).find(([, definition]) => definition.type === type);
  if (found === undefined) return `${type} is not among this role's actions`;
  const [action, definition] = found;
  if (schemaVersionOf(envelope) === definition.version) return { action, definition };
  return `${type} has a version this listener does not know (it knows ${definition.version}): unsupported; install the listener of the dispatcher's version`;
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
