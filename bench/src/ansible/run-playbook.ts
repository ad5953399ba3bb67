import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { SHOP_POOL } from '@gantry/lab';
import type { FleetUnderTest, Version } from '../fleet/fleet-under-test.js';
import { ANSIBLE_CFG, inventory, playbook, type PlaybookSettings } from './playbook.js';

const MAX_OUTPUT = 50_000_000;

/** Takes the fleet to a version with ansible-playbook; the caller measures. */
export async function runPlaybook(
  fleet: FleetUnderTest,
  version: Version,
  serial: number,
): Promise<void> {
  const { workspace } = fleet.lab;
  const folder = await workspace.folder('ansible');
  const settings = settingsOf(fleet, serial);
  await Promise.all([
    writeFile(`${folder}/ansible.cfg`, ANSIBLE_CFG),
    writeFile(`${folder}/inventory`, inventory(settings)),
    writeFile(`${folder}/deploy.yml`, playbook(settings)),
  ]);
  const env = {
    ...process.env,
    ANSIBLE_CONFIG: `${folder}/ansible.cfg`,
    ANSIBLE_LOCAL_TEMP: `${folder}/tmp`,
    ANSIBLE_REMOTE_TEMP: `${folder}/tmp`,
    LC_ALL: 'C.UTF-8',
  };
  const args = ['-i', 'inventory', '-e', `version=${version}`, 'deploy.yml'];
  await promisify(execFile)('ansible-playbook', args, { cwd: folder, env, maxBuffer: MAX_OUTPUT });
}

function settingsOf({ lab, installation }: FleetUnderTest, serial: number): PlaybookSettings {
  const hosts = lab.hosts.map((host) => {
    const { pid } = installation.listener(host.name);
    if (pid === undefined) throw new Error(`the listener of ${host.name} does not run`);
    return { name: host.name, certname: host.certname, address: host.address, pid };
  });
  return {
    hosts,
    serial,
    backend: SHOP_POOL,
    haproxySocket: lab.haproxy.socketPath,
    hieraDir: lab.puppetServer.desiredVersionsDir,
  };
}
