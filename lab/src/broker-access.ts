/** A service's or person's account at the broker. */
export interface BrokerCredentials {
  readonly login: string;
  readonly passcode: string;
}

/** One line of the broker's authorization table: which groups may do what at a destination pattern. */
export interface AccessEntry {
  readonly kind: 'queue' | 'topic';
  readonly destination: string;
  readonly read: string;
  readonly write: string;
  readonly admin: string;
}

/** Who has an account: one principal per service, one for the hosts' listeners, one for operators. */
export const PRINCIPALS: Readonly<Record<string, string>> = {
  orchestrator: 'services',
  'puppet-dispatcher': 'services',
  'lb-controller': 'services',
  'build-watcher': 'services',
  verifier: 'services',
  audit: 'services',
  gateway: 'services',
  host: 'hosts',
  ops: 'ops',
};

const services = (kind: 'queue' | 'topic', destination: string): AccessEntry => ({
  kind,
  destination,
  read: 'services,ops',
  write: 'services,ops',
  admin: 'services,ops',
});

const hostsRead = (destination: string): AccessEntry => ({
  kind: 'queue',
  destination,
  read: 'hosts,services,ops',
  write: 'ops',
  admin: 'hosts,services,ops',
});

const hostsWrite = (destination: string): AccessEntry => ({
  kind: 'topic',
  destination,
  read: 'services,ops',
  write: 'hosts,services,ops',
  admin: 'hosts,services,ops',
});

/**
 * Grants add up: a destination allows what any matching line allows, and nothing without one.
 * A `*` stands for exactly one dot-separated word, so a certname of one, two, three or four words has a line each.
 *
 * No line of the hosts' begins with `Consumer.*`: a subscription with a wildcard is allowed what any line it could meet
 * allows, so with such a line a host could subscribe to `Consumer.any.VirtualTopic.gantry.>` and read the whole log. For the
 * same reason each Puppet server's publisher has a line of its own, with its whole name.
 */
export const DEFAULT_ACCESS: readonly AccessEntry[] = [
  { kind: 'queue', destination: '>', read: 'ops', write: 'ops', admin: 'ops' },
  { kind: 'topic', destination: '>', read: 'ops', write: 'ops', admin: 'ops' },
  services('topic', 'VirtualTopic.gantry.>'),
  services('topic', 'gantry.>'),
  services('queue', 'Consumer.*.VirtualTopic.gantry.>'),
  services('queue', 'replies.>'),
  services('queue', 'gantry.parked.>'),
  ...['*', '*.*', '*.*.*', '*.*.*.*'].map((certname) =>
    hostsRead(`Consumer.listener.VirtualTopic.gantry.host.${certname}.commands`),
  ),
  hostsRead('Consumer.publisher-puppet_lab.VirtualTopic.gantry.desired.versions'),
  hostsWrite('VirtualTopic.gantry.host.replies'),
  hostsWrite('gantry.host.log'),
  hostsWrite('gantry.host.presence'),
];
