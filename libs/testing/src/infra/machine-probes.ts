import { access, readdir } from 'node:fs/promises';
import type { MachineProbes } from './choose-infra.js';

const POSTGRES = '/usr/lib/postgresql';
const ACTIVEMQ = '/usr/share/activemq/bin/activemq.jar';

/** Looks at this machine. */
export const machineProbes: MachineProbes = {
  hasBinaries: async () => {
    const versions = await readdir(POSTGRES).catch(() => []);
    const servers = versions.map((version) => `${POSTGRES}/${version}/bin/postgres`);
    return (await anyExists(servers)) && (await anyExists([ACTIVEMQ]));
  },
  dockerAnswers: async () => {
    const { getContainerRuntimeClient } = await import('testcontainers');
    return succeeds(getContainerRuntimeClient());
  },
};

async function anyExists(paths: readonly string[]): Promise<boolean> {
  const found = await Promise.all(paths.map((path) => succeeds(access(path))));
  return found.includes(true);
}

function succeeds(attempt: Promise<unknown>): Promise<boolean> {
  return attempt.then(
    () => true,
    () => false,
  );
}
