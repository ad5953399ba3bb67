import { AsyncLocalStorage } from 'node:async_hooks';

/** What every line says of the work it belongs to. */
export interface LogContext {
  readonly correlationId?: string;
  readonly messageId?: string;
  readonly messageType?: string;
  readonly subject?: string;
}

const storage = new AsyncLocalStorage<LogContext>();

/** Runs the work; every line logged within it, however deep, carries the context. */
export function withLogContext<T>(context: LogContext, work: () => T): T {
  return storage.run({ ...storage.getStore(), ...context }, work);
}

/** The context of the work that is going on, empty outside any. */
export function currentLogContext(): LogContext {
  return storage.getStore() ?? {};
}
