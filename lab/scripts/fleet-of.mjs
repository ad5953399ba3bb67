import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** The hosts and Puppet servers of a fleet file. */
export function fleetOf(file) {
  const { environments, puppetServers = {} } = parse(readFileSync(file, 'utf8'));
  const hosts = Object.values(environments).flatMap(({ applications = {} }) =>
    Object.values(applications).flatMap((application) => application.hosts ?? []),
  );
  return { hosts: [...new Set(hosts)].sort(), puppetServers: Object.keys(puppetServers).sort() };
}
