import type { GantryClient } from '@gantry/client';
import type { Terminal } from './terminal.js';

/** What every command works with. */
export interface Context {
  readonly client: GantryClient;
  readonly terminal: Terminal;
  /** One JSON document instead of text for people. */
  readonly json: boolean;
  /** Ends when the person presses Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Prints a document for machines. */
export function printJson({ terminal }: Context, document: unknown): void {
  terminal.out(`${JSON.stringify(document, null, 2)}\n`);
}

/** Prints a line for people. */
export function say({ terminal }: Context, line = ''): void {
  terminal.out(`${line}\n`);
}
