import { access, chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from './run.js';

/** What a host's own disk says about it. */
export interface HostIdentity {
  readonly name: string;
  readonly domain: string;
  readonly address: string;
  readonly gateway: string;
  readonly repositoryUrl: string;
}

const FOLDERS =
  'usr proc sys dev run tmp opt root home srv mnt var/lib/rpm var/lib/dnf var/lib/puppet/ssl ' +
  'var/cache/puppet/public var/log/puppet var/tmp etc/puppet etc/yum.repos.d etc/rpm etc/dnf/vars etc/profile.d';
const USR_LINKS = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'];

/** Makes a host's disk: everything its own except /usr, which is mounted read-only when it starts. */
export async function makeHostRoot(root: string, identity: HostIdentity): Promise<void> {
  await mkdir(root, { recursive: true });
  await run(['cp', '-a', '/etc', join(root, 'etc')]);
  for (const foreign of ['puppet', 'mcollective', 'yum.repos.d'])
    await rm(join(root, 'etc', foreign), { recursive: true, force: true });
  for (const folder of FOLDERS.split(' ')) await mkdir(join(root, folder), { recursive: true });
  for (const link of USR_LINKS) {
    if (await exists(`/${link}`)) await symlink(`usr/${link}`, join(root, link));
  }
  await symlink('/run', join(root, 'var/run'));
  for (const folder of ['tmp', 'var/tmp']) await chmod(join(root, folder), 0o1777);
  const files = configFiles(identity);
  for (const [path, content] of Object.entries(files)) await writeFile(join(root, path), content);
}

function configFiles(host: HostIdentity): Readonly<Record<string, string>> {
  const { name, domain, address, gateway } = host;
  const servers = ['puppet', 'broker', 'repo'].map((server) => `${server}.${domain} ${server}`);
  return {
    'etc/hostname': `${name}\n`,
    'etc/hosts': `127.0.0.1 localhost\n${address} ${name}.${domain} ${name}\n${gateway} ${servers.join(' ')}\n`,
    // Debian's rpm database is ~/.rpmdb, and Puppet runs rpm without HOME: both must mean the same one.
    'etc/rpm/macros': '%_dbpath /var/lib/rpm\n',
    'etc/dnf/dnf.conf': '[main]\ngpgcheck=0\nbest=True\nplugins=0\n',
    'etc/dnf/vars/releasever': '12\n',
    'etc/yum.repos.d/lab.repo': `[lab]\nname=lab\nbaseurl=${host.repositoryUrl}\nenabled=1\ngpgcheck=0\nmetadata_expire=6h\n`,
    'etc/profile.d/node.sh': `export PATH=${dirname(process.execPath)}:$PATH\n`,
    'etc/puppet/puppet.conf': `[main]\nserver = puppet.${domain}\n[agent]\nkeylength = 2048\nsplay = false\nwaitforcert = 0\n`,
  };
}

/** True when the path exists. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
