import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** In the environment of everything a run starts: how its processes are found again, also by the next verifier. */
export const RUN_COOKIE = 'GANTRY_GATE_RUN';

const ROUNDS = 50;

/**
 * What a run's processes carry. The id alone is not enough: it follows from pipeline and build, so another installation on this machine may run
 * a gate of the same id. Replicas share the folder of evidence, installations do not.
 */
export const cookieOf = (evidence: string, gateRunId: string): string => `${gateRunId} ${evidence}`;

/**
 * Ends all processes of a run: those of its session, whatever group they moved to, and those that carry its cookie, whatever
 * session they made. Repeated until none is left, since a process may fork while it is looked for.
 */
export async function killRun(cookie: string, session?: number): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const pids = await processesOf(cookie, session);
    if (pids.length === 0) return;
    for (const pid of pids) kill(pid);
    await delay(20);
  }
}

/** Processes of a run that live now. */
export async function processesOf(cookie: string, session?: number): Promise<readonly number[]> {
  const variable = `${RUN_COOKIE}=${cookie}`;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const ours = await Promise.all(pids.map((pid) => belongs(pid, variable, session)));
  return pids.filter((pid, index) => ours[index] === true && pid !== process.pid);
}

async function belongs(pid: number, variable: string, session?: number): Promise<boolean> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
    // The name in parentheses may hold anything, parentheses too.
    const [state, , , sid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return false;
    if (session !== undefined && Number(sid) === session) return true;
    const environ = await readFile(`/proc/${pid}/environ`, 'latin1');
    return environ.split('\0').includes(variable);
  } catch {
    return false;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}
