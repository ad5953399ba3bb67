import type { LoggerService } from '@nestjs/common';
import type { Log } from './log.js';

/** Brings the framework's own lines into our log: its chatter as `debug`, what it warns of and fails on as such. */
export class NestLogger implements LoggerService {
  constructor(private readonly target: Log) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.target.debug('framework', fieldsOf(message, rest));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.target.warn('framework', fieldsOf(message, rest));
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.target.error('framework', fieldsOf(message, rest));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.target.debug('framework', fieldsOf(message, rest));
  }
}

function fieldsOf(message: unknown, rest: readonly unknown[]): Record<string, unknown> {
  return { detail: message, ...(rest.length === 0 ? {} : { context: rest }) };
}
