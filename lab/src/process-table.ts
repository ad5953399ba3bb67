import { readdir, readFile } from 'node:fs/promises';

/** Pids of all processes of this machine that we can see. */
export async function allPids(): Promise<number[]> {
  const names = await readdir('/proc');
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

/** The start time of a process in clock ticks: with the pid it names one process for ever. */
export async function startTimeOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The command name, in brackets, may hold blanks: count fields after the last bracket.
  return stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .at(19);
}

/** Pids of the direct children of a process. */
export async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.trim().split(/\s+/).filter(Boolean).map(Number);
}

/** Pids of processes whose environment at their start had NAME=value. */
export async function pidsWithEnvironment(name: string, value: string): Promise<number[]> {
  const wanted = `${name}=${value}`;
  const found = await Promise.all(
    (await allPids()).map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      return environment.split('\0').includes(wanted) ? [pid] : [];
    }),
  );
  return found.flat().filter((pid) => pid !== process.pid);
}
