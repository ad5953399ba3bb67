/** What the shell script that becomes a host's first process needs to know. */
export interface HostInit {
  readonly name: string;
  readonly root: string;
  /** Folders of this machine that the host sees, read-only, at the same path. */
  readonly readOnly: readonly string[];
}

/** PATH inside a host; the same for its first process and for every command. */
export const HOST_PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

/** First process of a host: mounts, hostname, then start what an RPM installed and wait; its death ends the host. */
export function initScript({ name, root, readOnly }: HostInit): string {
  const binds = readOnly.map((folder) => `bind '${folder}'`).join('\n');
  return `set -e
mount --make-rprivate /
mount --rbind /usr '${root}/usr'
mount -o remount,ro,bind '${root}/usr'
mount -t proc proc '${root}/proc'
mount -t sysfs -o ro sysfs '${root}/sys'
mount --rbind /dev '${root}/dev'
mount -t tmpfs -o size=64m tmpfs '${root}/run'
mkdir -p '${root}/run/puppet'
bind() { mkdir -p "${root}$1"; mount --bind "$1" "${root}$1"; mount -o remount,ro,bind "${root}$1"; }
${binds}
hostname ${name}
ip link set lo up
exec chroot '${root}' /usr/bin/env -i PATH=${HOST_PATH} HOME=/root LANG=C.UTF-8 GANTRY_LAB="$GANTRY_LAB" \\
  /bin/bash -c '${BOOT}'
`;
}

// In place of systemd: the services that RPMs brought come up again when the machine does.
const BOOT =
  'for ctl in /opt/*/ctl; do [ -x $ctl ] && $ctl start; done; echo up > /run/up; ' +
  'trap "exit 0" TERM; while :; do sleep 3600 & wait $!; done';
