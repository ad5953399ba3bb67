import { describeFault, type Fault } from './fault.js';

/** The body of a reply: an answer or an error, never both. */
type Reply = { readonly response: unknown } | { readonly error: Fault };

/** The JSON of an answer. `undefined` becomes `null`: JSON has no other nothing. */
export function encodeAnswer(response: unknown): string {
  return JSON.stringify({ response: response ?? null } satisfies Reply);
}

/** The JSON of an error, without its stack. */
export function encodeFailure(error: unknown): string {
  const fault = describeFault(error);
  try {
    return JSON.stringify({ error: fault } satisfies Reply);
  } catch {
    // Details that cannot be written (cycles, bigint) must not cost the caller the answer.
    const { details: _details, ...rest } = fault;
    return JSON.stringify({ error: rest } satisfies Reply);
  }
}

/** An error that a handler on the other side raised. */
export class StompRemoteError extends Error {
  readonly kind: string;
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(fault: Fault) {
    super(fault.message);
    this.name = 'StompRemoteError';
    this.kind = fault.kind ?? 'bug';
    this.code = fault.code;
    this.details = fault.details ?? {};
  }
}

/** Reads a reply; throws the remote error if it is one, and a `SyntaxError` if it is not JSON. */
export function decodeReply(body: Buffer): unknown {
  const reply = JSON.parse(body.toString('utf8')) as Partial<
    Record<'response' | 'error', unknown>
  > | null;
  if (reply?.error !== undefined) throw new StompRemoteError(describeFault(reply.error));
  return reply?.response ?? null;
}
