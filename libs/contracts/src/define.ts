import { z } from 'zod';

/** What a message is for: decides nothing on the wire, but tells readers who may say it. */
export type MessageRole = 'command' | 'request' | 'observation' | 'event' | 'query' | 'notice';

/** A message type with one version of its shape; `parse` is tolerant (drops unknown keys), `strict` refuses them. */
export interface MessageDefinition<
  Type extends string = string,
  Shape extends z.ZodObject = z.ZodObject,
> {
  readonly type: Type;
  readonly version: number;
  readonly role: MessageRole;
  readonly schema: Shape;
  readonly strict: Shape;
}

/** The data type of a message definition. */
export type DataOf<D extends MessageDefinition> = z.infer<D['schema']>;

/** Makes a message definition; every message of the system is made by this and listed in the registry. */
export function defineMessage<const Type extends string, Shape extends z.ZodRawShape>(
  role: MessageRole,
  type: Type,
  shape: Shape,
  version = 1,
): MessageDefinition<Type, z.ZodObject<Shape>> {
  return {
    type,
    version,
    role,
    schema: z.object(shape),
    strict: z.strictObject(shape),
  };
}
