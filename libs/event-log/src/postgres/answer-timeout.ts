import type { ClientBase } from 'pg';

/** Longer than any statement or lock may take on the server, which ends those by itself and says so. */
const DEFAULT_MS = 60_000;
const limits = new WeakMap<ClientBase, number>();

/** Sets how long this connection may owe an answer. */
export function limitAnswerTime(client: ClientBase, ms: number): void {
  limits.set(client, ms);
}

/**
 * Gives up on a connection whose server has fallen silent, as behind a cut cable: TCP itself would take a quarter of an
 * hour. Returns what to call when the answer is there.
 */
export function awaitAnswer(client: ClientBase): () => void {
  const ms = limits.get(client) ?? DEFAULT_MS;
  const timer = setTimeout(() => {
    const { stream } = (client as ClientBase & WithConnection).connection;
    stream.destroy(new Error(`no answer within ${ms} ms`));
  }, ms);
  return () => {
    clearTimeout(timer);
  };
}

type WithConnection = { readonly connection: { readonly stream: { destroy(error: Error): void } } };
