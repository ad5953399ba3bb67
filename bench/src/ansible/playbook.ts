/** What the playbook needs to know of a host. */
export interface PlaybookHost {
  readonly name: string;
  readonly certname: string;
  readonly address: string;
  /** A process of the host, whose namespaces commands enter. */
  readonly pid: number;
}

/** Where the playbook's tools are. */
export interface PlaybookSettings {
  readonly hosts: readonly PlaybookHost[];
  readonly serial: number;
  readonly backend: string;
  readonly haproxySocket: string;
  readonly hieraDir: string;
}

/** Connections are local: no time goes into SSH. */
export function inventory({ hosts }: PlaybookSettings): string {
  const lines = hosts.map(
    ({ name, certname, address, pid }) =>
      `${name} certname=${certname} address=${address} pid=${pid}`,
  );
  return ['[shop]', ...lines, ''].join('\n');
}

/** Ansible's own settings, for speed: no facts, no SSH, one Python found beforehand. */
export const ANSIBLE_CFG = `[defaults]
gathering = explicit
interpreter_python = /usr/bin/python3
retry_files_enabled = False
localhost_warning = False
deprecation_warnings = False
[connection]
pipelining = True
`;

/** The agent's command line is the one Gantry's listener uses. */
const AGENT = `puppet agent --onetime --no-daemonize --verbose --detailed-exitcodes --color=false --no-splay --no-noop
        --no-usecacheonfailure --no-use_cached_catalog --strict_environment_mode --waitforcert 0`;

/** A rolling deployment as people write it: wanted version, drain, Puppet, health, back in. */
export function playbook(settings: PlaybookSettings): string {
  const { serial, backend, haproxySocket, hieraDir } = settings;
  const haproxy = `backend: ${backend}
        socket: ${haproxySocket}
        host: "{{ inventory_hostname }}"
        wait: true
        wait_interval: 1
        wait_retries: 60`;
  return `- hosts: shop
  connection: local
  gather_facts: false
  serial: ${serial}
  any_errors_fatal: true
  tasks:
    - name: the wanted version
      ansible.builtin.copy:
        dest: "${hieraDir}/{{ certname }}.yaml"
        content: "---\\nprofile::shop::version: '{{ version }}'\\n"
    - name: out of the load balancer, its connections drained
      community.general.haproxy:
        state: disabled
        drain: true
        ${haproxy}
    - name: Puppet
      ansible.builtin.command: >-
        nsenter -t {{ pid }} -m -u -i -n -p -r -w --
        /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TERM=dumb
        ${AGENT}
      register: run
      failed_when: run.rc not in [0, 2]
    - name: healthy, in the wanted version
      ansible.builtin.uri:
        url: "http://{{ address }}:8080/health"
        return_content: true
      register: health
      until: health.status == 200 and version in health.content
      retries: 30
      delay: 1
    - name: back in the load balancer
      community.general.haproxy:
        state: enabled
        ${haproxy}
`;
}
