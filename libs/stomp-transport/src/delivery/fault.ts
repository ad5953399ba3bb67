/** What is known of anything that was thrown, as plain data. */
export interface Fault {
  /** The closed list that drives policy; absent when the thrower did not say. */
  readonly kind?: string;
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

interface Described {
  readonly kind?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly details?: unknown;
}

/** Reads `kind`, `code`, `message` and `details` off an error, off what an `RpcException` wraps, or off a plain object. */
export function describeFault(error: unknown): Fault {
  const { kind, code, message, details } = unwrap(error);
  return {
    ...(typeof kind === 'string' ? { kind } : {}),
    code: firstText(code, kind) ?? 'unknown',
    message: firstText(message, error) ?? 'unknown error',
    ...(isRecord(details) ? { details } : {}),
  };
}

/** An `RpcException` carries what was given to it behind `getError()`. */
function unwrap(error: unknown): Described {
  if (!isRecord(error)) return {};
  const getError = error['getError'];
  const inner: unknown = typeof getError === 'function' ? getError.call(error) : undefined;
  return isRecord(inner) ? inner : error;
}

function firstText(...candidates: readonly unknown[]): string | undefined {
  return candidates.find(
    (candidate): candidate is string => typeof candidate === 'string' && candidate !== '',
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
