import { v5 } from 'uuid';

const NAMESPACE = 'a3cf1b0e-6a58-4d0c-9a0e-4f0d2f6b7c11';

/**
 * A UUID that is the same for the same parts. A command repeated after a crash thus carries the ids it had, whichever
 * replica takes it: the orchestrator knows it for the same one.
 */
export function derivedId(...parts: readonly string[]): string {
  return v5(JSON.stringify(parts), NAMESPACE);
}
