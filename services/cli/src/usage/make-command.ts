import type { Command } from 'commander';
import type { Context } from '../context.js';
import type { ExitCode } from '../exit-codes.js';
import type { CommonOptions } from '../options.js';

/** Makes a command with the options all have. */
export type MakeCommand = (usage: string, description: string) => Command;

/** Runs a command's work in a context made of the common options. */
export type Runner = (
  options: CommonOptions,
  work: (context: Context) => Promise<ExitCode>,
) => Promise<void>;
