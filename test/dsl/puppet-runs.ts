import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FleetHost } from '@gantry/lab';

const HOOK = '/etc/puppet/note-run';
const NOTED = '/var/log/puppet-runs';
/** A run that nobody asked for by command id. */
export const NO_JOB = 'none';

/**
 * Lets Puppet itself write down every run that begins, by the job id on its command line: what Gantry's own journal says
 * is no proof of what Gantry did.
 */
export async function noteRuns(host: FleetHost): Promise<void> {
  const script = `#!/bin/bash
pid=$PPID
while [ "$pid" -gt 1 ] && ! tr '\\0' ' ' </proc/$pid/cmdline | grep -q 'puppet agent'; do
  pid=$(awk '/^PPid/ { print $2 }' /proc/$pid/status)
done
job=$(tr '\\0' ' ' </proc/$pid/cmdline | sed -n 's/.*--job-id \\([^ ]*\\).*/\\1/p')
echo "\${job:-${NO_JOB}}" >>${NOTED}
`;
  await writeFile(join(host.root, HOOK), script, { mode: 0o755 });
  await writeFile(join(host.root, NOTED), '');
  const config = join(host.root, 'etc/puppet/puppet.conf');
  const setting = `prerun_command = ${HOOK}\n`;
  if (!(await readFile(config, 'utf8')).includes(setting)) await appendFile(config, setting);
}

/** Job ids of the runs that began on a host, in order. */
export async function notedRuns(host: FleetHost): Promise<readonly string[]> {
  const text = await readFile(join(host.root, NOTED), 'utf8');
  return text.split('\n').filter((line) => line !== '');
}
