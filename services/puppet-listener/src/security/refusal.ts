import type { NotRunWhy } from '@gantry/contracts';
import type { ParsedCommand } from './parse-command.js';

/** A refused message. Only what a trusted dispatcher signed is answered; the rest is counted. */
export interface Refusal {
  readonly kind: 'refused';
  readonly code: string;
  readonly why: NotRunWhy;
  readonly detail: string;
  readonly command?: ParsedCommand;
  /** Of a command that could not be understood: what is known of whom to answer. */
  readonly unread?: Pick<ParsedCommand, 'type' | 'context'>;
}

/** Makes a refusal. */
export function refusal(
  code: string,
  why: NotRunWhy,
  detail: string,
  command?: ParsedCommand,
): Refusal {
  return command === undefined
    ? { kind: 'refused', code, why, detail }
    : { kind: 'refused', code, why, detail, command };
}
