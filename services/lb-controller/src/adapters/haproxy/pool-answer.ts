import { notFound, unreadable } from '../../ports/lb-error.js';
import type { PoolReading } from '../../ports/load-balancer-driver.port.js';
import { parseInfo, parseServersState, parseStat } from './answer-tables.js';
import { memberReading } from './member-reading.js';

/** Three questions in one connection: all answers come from one worker process, even in the middle of a reload. */
export const poolQuestion = (backend: string): string =>
  `show info;show servers state ${backend};show stat ${backend} 4 -1`;

/** Reads the answer to `poolQuestion`; throws `lb.not-found` or `lb.unreadable`, nothing else. */
export function readPoolAnswer(device: string, backend: string, answer: string): PoolReading {
  // Every answer ends with an empty line: without it this one was cut, perhaps between two servers.
  if (!answer.endsWith('\n\n')) throw unreadable(device, 'the answer is cut short');
  const [info = '', servers = '', stat = ''] = answer.split('\n\n');
  if (/^(?:Can't find backend|No such backend)\.$/m.test(servers))
    throw notFound(device, `backend ${backend}`, servers.trim());
  return { ...epochOf(device, info), members: membersOf(device, servers, stat) };
}

function epochOf(device: string, info: string): Omit<PoolReading, 'members'> {
  const fields = parseInfo(info);
  const [pid = '', seconds = ''] = ['Pid', 'Uptime_sec'].map((name) => fields.get(name));
  if (/^\d{1,10}$/.test(pid) && /^\d{1,10}$/.test(seconds))
    return { epoch: pid, epochAgeMs: Number(seconds) * 1_000 };
  throw unreadable(device, 'show info has no Pid and Uptime_sec');
}

function membersOf(device: string, servers: string, stat: string): PoolReading['members'] {
  const states = parseServersState(servers);
  const stats = parseStat(stat);
  if (!states || !stats) throw unreadable(device, 'not the tables of servers and statistics');
  const byName = new Map(stats.map((row) => [row.get('svname') ?? '', row]));
  return states.map((state) => {
    const name = state.get('srv_name') ?? '';
    const found = byName.get(name);
    const reading = found && memberReading(state, found);
    if (!reading) throw unreadable(device, `server ${name || '(no name)'} is incomplete`);
    return reading;
  });
}
