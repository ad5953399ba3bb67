/** Data of a log line. */
export type LogFields = Readonly<Record<string, unknown>>;

let write = (line: string): void => void process.stdout.write(line);

/** Sends the lines elsewhere: where thousands of listeners are played in one process, nobody reads them. */
export function logTo(sink: (line: string) => void): void {
  write = sink;
}

/** Writes one JSON line to standard output, where systemd's journal takes it. */
export function log(
  level: 'info' | 'warn' | 'error',
  message: string,
  fields: LogFields = {},
): void {
  const line = { time: new Date().toISOString(), level, msg: message, ...fields };
  write(`${JSON.stringify(line)}\n`);
}
