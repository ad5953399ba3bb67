/**
 * Writes the broker's configuration for a fleet: `node lab/scripts/write-broker-config.mjs [--fleet FILE] [--out FILE]`. Without
 * options: the example fleet, and the file that is shipped. `--check` writes nothing and exits 1 when the file is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { deployedBrokerXml } from '../dist/index.js';

const shipped = (path) => fileURLToPath(new URL(`../../deploy/${path}`, import.meta.url));
const { values } = parseArgs({
  options: {
    fleet: { type: 'string', default: shipped('compose/fleet.yaml') },
    out: { type: 'string', default: shipped('activemq/activemq.xml') },
    check: { type: 'boolean', default: false },
  },
});

const { environments, puppetServers = {} } = parse(readFileSync(values.fleet, 'utf8'));
const hosts = Object.values(environments).flatMap(({ applications = {} }) =>
  Object.values(applications).flatMap((application) => application.hosts ?? []),
);
const xml = deployedBrokerXml({
  hosts: [...new Set(hosts)].sort(),
  puppetServers: Object.keys(puppetServers).sort(),
});

if (!values.check) writeFileSync(values.out, xml);
else if (readFileSync(values.out, 'utf8') !== xml) {
  console.error(
    `${values.out} is stale: run node lab/scripts/write-broker-config.mjs and commit it.`,
  );
  process.exitCode = 1;
}
