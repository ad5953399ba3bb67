import { z } from 'zod';
import type { DataOf } from './define.js';
import { dataschemaOf, Envelope, schemaVersionOf } from './envelope.js';
import { definitionOf, type AnyMessage, type MessageOf, type MessageType } from './registry.js';

/** A message as code handles it: the envelope with its data typed by the message's definition. */
export type Message<T extends MessageType = MessageType> = T extends MessageType
  ? Omit<Envelope, 'type' | 'data'> & { readonly type: T; readonly data: DataOf<MessageOf<T>> }
  : never;

/** A message could not be read: `issues` says where and why, without echoing values. */
export class InvalidMessageError extends Error {
  readonly kind = 'invalid';
  readonly code = 'contracts.invalid-message';

  constructor(
    readonly what: string,
    readonly issues: readonly string[],
  ) {
    super(`${what}: ${issues.slice(0, 5).join('; ')}`);
    this.name = 'InvalidMessageError';
  }
}

const issuesOf = (error: z.ZodError): string[] =>
  error.issues.map((issue) => `${issue.path.join('.') || '(whole)'}: ${issue.message}`);

/**
 * Reads a message: the envelope first, then its data by the registry; unknown keys are dropped (services are never all
 * of one age). Throws InvalidMessageError for anything else than a known message of a known version.
 */
export function parseMessage(input: unknown): Message {
  const envelope = Envelope.safeParse(input);
  if (!envelope.success)
    throw new InvalidMessageError('not a Gantry envelope', issuesOf(envelope.error));
  const { type, data } = envelope.data;
  const definition = definitionOf(type);
  if (definition === undefined)
    throw new InvalidMessageError(`message type ${type} is not known here`, [type]);
  const version = schemaVersionOf(envelope.data);
  if (version !== definition.version) {
    throw new InvalidMessageError(
      `${type}: version ${version} is not known here, only ${definition.version}`,
      [type],
    );
  }
  const parsed = definition.schema.safeParse(data);
  if (!parsed.success)
    throw new InvalidMessageError(`${type}: its data is not of its shape`, issuesOf(parsed.error));
  return { ...envelope.data, data: parsed.data } as unknown as Message;
}

/** What a message needs besides its data. */
export type EnvelopeContext = Omit<
  Envelope,
  'specversion' | 'type' | 'datacontenttype' | 'dataschema' | 'data'
>;

/** Makes a message: its data must fit exactly (an unknown key is a mistake of ours). */
export function makeMessage<D extends AnyMessage>(
  definition: D,
  data: DataOf<D>,
  context: EnvelopeContext,
): Message<D['type']> {
  const strict = definition.strict.safeParse(data);
  if (!strict.success)
    throw new InvalidMessageError(
      `${definition.type}: would send a wrong shape`,
      issuesOf(strict.error),
    );
  return {
    ...context,
    specversion: '1.0',
    type: definition.type,
    datacontenttype: 'application/json',
    dataschema: dataschemaOf(definition.type, definition.version),
    data: strict.data,
  } as unknown as Message<D['type']>;
}
