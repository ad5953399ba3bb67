/**
 * Makes certificates for the broker and its clients: `GANTRY_BROKER_STORE_PASSWORD=... node lab/scripts/make-broker-certificates.mjs
 * --out FOLDER [--name NAME]... [--trust PEM]... [--crl PEM]... [--fleet FILE]`. In FOLDER it makes an authority (kept when it is there:
 * run again, it renews everybody else), `activemq/` with the broker's key stores, and a folder for each service and `ops` with `ca.pem`,
 * `cert.pem` and `key.pem`. `--name`: how clients call the broker. `--trust` and `--crl`: Puppet's authority and its list of what was
 * revoked, so that hosts come in with the certificates they have; or `--fleet`, which makes certificates for hosts too.
 */
import { brokerPrincipals } from '@gantry/contracts';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BrokerCertificates } from '../dist/index.js';
import { fleetOf } from './fleet-of.mjs';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    fleet: { type: 'string' },
    name: { type: 'string', multiple: true, default: ['activemq', 'localhost', '127.0.0.1'] },
    trust: { type: 'string', multiple: true, default: [] },
    crl: { type: 'string', multiple: true, default: [] },
  },
});
const password = process.env.GANTRY_BROKER_STORE_PASSWORD;
if (!values.out || !password) {
  console.error('Name the folder with --out, and set GANTRY_BROKER_STORE_PASSWORD.');
  process.exit(2);
}

const at = (...parts) => join(values.out, ...parts);
const text = (file) => readFileSync(file, 'utf8');
for (const folder of ['authority', 'activemq'])
  mkdirSync(at(folder), { recursive: true, mode: 0o700 });
const authority = new BrokerCertificates(at('authority'));
const stores = authority.stores(values.name, { password, others: values.trust.map(text) });
copyFileSync(stores.keyStore, at('activemq', 'broker.p12'));
copyFileSync(stores.trustStore, at('activemq', 'trust.jks'));
writeFileSync(at('activemq', 'crl.pem'), [authority.revoked, ...values.crl].map(text).join(''));

const fleet = values.fleet ? fleetOf(values.fleet) : { hosts: [], puppetServers: [] };
for (const principal of brokerPrincipals(fleet)) {
  const { ca, cert, key } = authority.of(principal);
  mkdirSync(at(principal), { recursive: true, mode: 0o700 });
  for (const [from, to] of Object.entries({ 'ca.pem': ca, 'cert.pem': cert, 'key.pem': key }))
    copyFileSync(to, at(principal, from));
}
console.log(
  `${at('authority', 'ca.key')} signs for all of them: keep it away from the machine that runs the broker.`,
);
