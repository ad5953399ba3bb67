/**
 * Writes the broker's configuration for a fleet: `node lab/scripts/write-broker-config.mjs [--fleet FILE] [--out FOLDER]`. Without
 * options: the example fleet, and the files that are shipped. `--check` writes nothing and exits 1 when one is stale.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { deployedBrokerFiles } from '../dist/index.js';
import { fleetOf } from './fleet-of.mjs';

const shipped = (path) => fileURLToPath(new URL(`../../deploy/${path}`, import.meta.url));
const { values } = parseArgs({
  options: {
    fleet: { type: 'string', default: shipped('compose/fleet.yaml') },
    out: { type: 'string', default: shipped('activemq') },
    check: { type: 'boolean', default: false },
  },
});

if (!values.check) mkdirSync(values.out, { recursive: true });
for (const [name, text] of deployedBrokerFiles(fleetOf(values.fleet))) {
  const file = join(values.out, name);
  if (!values.check) writeFileSync(file, text);
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    console.error(`${file} is stale: run node lab/scripts/write-broker-config.mjs and commit it.`);
    process.exitCode = 1;
  }
}
