import type { PoolReading } from '../../ports/load-balancer-driver.port.js';
import { notFound, unreadable } from '../../ports/lb-error.js';
import { parseInfo, parseServersState, parseStat, type Row } from './answer-tables.js';
import { memberReading } from './member-reading.js';

/** Three questions in one connection: all answers come from one worker process, even in the middle of a reload. */
export const poolQuestion = (backend: string): string =>
  `show info;show servers state ${backend};show stat ${backend} 4 -1`;

/** Reads the answer to `poolQuestion`; throws `lb.not-found` or `lb.unreadable`, nothing else. */
export function readPoolAnswer(device: string, backend: string, answer: string): PoolReading {
  // The CSV and the state table end with an empty line; an answer without it was cut.
  if (!answer.endsWith('\n\n') && !answer.endsWith('\n')) throw unreadable(device, 'cut short');
  const [info = '', servers = '', stat = ''] = answer.split('\n\n');
  if (/^(?:Can't find backend|No such backend)\.$/m.test(servers))
    throw notFound(device, `backend ${backend}`, servers.trim());
  const fields = parseInfo(info);
  const age = fields.get('Uptime_sec');
  const pid = fields.get('Pid');
  if (pid === undefined || !/^\d+$/.test(pid) || age === undefined || !/^\d{1,10}$/.test(age))
    throw unreadable(device, 'show info has no Pid and Uptime_sec');
  return { members: members(device, servers, stat), epoch: pid, epochAgeMs: Number(age) * 1_000 };
}

function members(device: string, servers: string, stat: string): PoolReading['members'] {
  const states = parseServersState(servers);
  const stats = parseStat(stat);
  if (!states || !stats) throw unreadable(device, 'not the tables of servers and statistics');
  const byName = new Map(stats.map((row) => [row.get('svname') ?? '', row]));
  return states.map((state) => {
    const name = state.get('srv_name') ?? '';
    const found: Row | undefined = byName.get(name);
    const reading = found && memberReading(state, found);
    if (!reading) throw unreadable(device, `server ${name || '(no name)'} is incomplete`);
    return reading;
  });
}
