import { connect } from 'node:net';

/** One server of a pool as HAProxy shows it. */
export interface MemberState {
  readonly name: string;
  readonly operational: number;
  readonly administrative: number;
  /** Gets new requests: up, not in maintenance, not draining. */
  readonly inService: boolean;
}

const STARTING = 1;
const RUNNING = 2;
// Forced, inherited or resolver maintenance, and forced or inherited drain.
const TAKEN_OUT = 0x01 | 0x02 | 0x20 | 0x08 | 0x10;

/** One command at the runtime API: a connection each, as HAProxy wants it. */
export function haproxyCommand(socketPath: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect({ path: socketPath, timeout: 3_000 }, () => socket.end(`${command}\n`));
    socket.on('data', (data) => (answer += data.toString()));
    socket.on('end', () => resolve(answer.trim()));
    socket.on('timeout', () => socket.destroy(new Error(`no answer to "${command}" in 3 s`)));
    socket.on('error', reject);
  });
}

/** Reads `show servers state`: a version line, a line of column names, a line per server. */
export function parseServersState(text: string): MemberState[] {
  const [, header = '', ...lines] = text.split('\n');
  const columns = header.replace(/^#\s*/, '').split(' ');
  const at = (line: readonly string[], column: string) => line[columns.indexOf(column)] ?? '';
  return lines.filter(Boolean).map((line) => {
    const fields = line.split(' ');
    const operational = Number(at(fields, 'srv_op_state'));
    const administrative = Number(at(fields, 'srv_admin_state'));
    const up = operational === RUNNING || operational === STARTING;
    const inService = up && (administrative & TAKEN_OUT) === 0;
    return { name: at(fields, 'srv_name'), operational, administrative, inService };
  });
}
