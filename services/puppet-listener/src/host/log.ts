/** Data of a log line. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes one JSON line to standard output, where systemd's journal takes it. */
export function log(
  level: 'info' | 'warn' | 'error',
  message: string,
  fields: LogFields = {},
): void {
  const line = { time: new Date().toISOString(), level, msg: message, ...fields };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
