/** What this package writes its log lines to; a Nest `Logger` fits. */
export interface StompLogger {
  log(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

const nothing = (): void => undefined;

/** Says nothing: the default outside Nest. */
export const silentLogger: StompLogger = { log: nothing, warn: nothing, error: nothing };
