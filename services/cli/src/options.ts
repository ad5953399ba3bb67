import { InvalidArgumentError, Option, type Command } from 'commander';

/** Options every command has. */
export interface CommonOptions {
  readonly server?: string;
  readonly json?: boolean;
}

/** Adds them. */
export function common(command: Command): Command {
  return command
    .option('--server <url>', 'the gateway (or GANTRY_SERVER, or .gantry/server)')
    .option('--json', 'print JSON for machines');
}

/** --timeout SECONDS. */
export const timeoutOption = (): Option =>
  new Option('--timeout <seconds>', 'stop waiting after so long (exit code 12)').argParser(
    wholeNumber(1, 604_800),
  );

/** A whole number within bounds. */
export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d{1,9}$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };

/** A list with commas. */
export const list = (text: string): string[] =>
  text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));

/** A positional argument: none is ever empty, and in an address `.` and `..` would mean another one. */
export const named = (text: string): string => {
  if (!/^\s*(?:\.{1,2})?\s*$/.test(text)) return text;
  throw new InvalidArgumentError('It must name something.');
};
