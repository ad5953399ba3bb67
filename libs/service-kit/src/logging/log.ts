import { LOG_LEVELS } from '../config/http-env.js';
import { isError, isGantryError } from '../errors/gantry-error.js';
import { currentLogContext } from './log-context.js';

/** Level of a line. */
export type LogLevel = (typeof LOG_LEVELS)[number];
type Fields = Readonly<Record<string, unknown>>;

/** How a log is made; `write` takes one finished line without its newline. */
export interface LogOptions {
  readonly service: string;
  readonly level?: LogLevel;
  readonly write?: (line: string) => void;
}

/** JSON lines: a constant message and fields, with the context of the message or request being handled. */
export class Log {
  private readonly write: (line: string) => void;
  private readonly loudest: number;

  constructor(private readonly options: LogOptions) {
    this.write = options.write ?? ((line) => process.stdout.write(`${line}\n`));
    this.loudest = LOG_LEVELS.indexOf(options.level ?? 'log');
  }

  /** Someone must look. */
  error(msg: string, fields: Fields = {}): void {
    this.line('error', msg, fields);
  }

  /** Something went wrong and we recovered. */
  warn(msg: string, fields: Fields = {}): void {
    this.line('warn', msg, fields);
  }

  /** Something was done. */
  log(msg: string, fields: Fields = {}): void {
    this.line('log', msg, fields);
  }

  /** For whoever searches a fault. */
  debug(msg: string, fields: Fields = {}): void {
    this.line('debug', msg, fields);
  }

  private line(level: LogLevel, msg: string, fields: Fields): void {
    if (LOG_LEVELS.indexOf(level) > this.loudest) return;
    const head = { time: new Date().toISOString(), level, service: this.options.service, msg };
    this.write(stringify({ ...currentLogContext(), ...fields, ...head }));
  }
}

/** A line is never lost to a field that JSON cannot hold, and errors are written with their cause. */
function stringify(line: Fields): string {
  try {
    return JSON.stringify(line, plain);
  } catch {
    return JSON.stringify({ ...line, ...unwritable(line) }, plain);
  }
}

function unwritable(line: Fields): Fields {
  const entries = Object.entries(line).filter(([, value]) => typeof value === 'object');
  return Object.fromEntries(entries.map(([name]) => [name, '(not writable as JSON)']));
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (!isError(value)) return value;
  const { name, message, stack, cause } = value;
  const ours = isGantryError(value)
    ? { kind: value.kind, code: value.code, details: value.details }
    : { stack };
  return { name, message, ...ours, ...(cause === undefined ? {} : { cause }) };
}
