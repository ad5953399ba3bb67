import { SERVICES, type ServiceName } from './topics.js';

/** Hosts and Puppet servers that the broker knows, by certname. */
export interface BrokerFleet {
  readonly hosts: readonly string[];
  readonly puppetServers: readonly string[];
}

/** People who look after the broker itself. What they send, no service believes. */
export const OPERATORS = 'ops';
/** The group of all hosts' agents, and that of the publishers beside Puppet servers. */
export const HOSTS = 'hosts';
export const PUBLISHERS = 'publishers';

/** Who a host's agent is to the broker. */
export const hostPrincipal = (certname: string): string => `host.${certname}`;
/** Who the publisher beside a Puppet server is to the broker. */
export const publisherPrincipal = (certname: string): string => `publisher.${certname}`;

/** Whoever may have an account at the broker. */
export const brokerPrincipals = ({ hosts, puppetServers }: BrokerFleet): readonly string[] => [
  ...SERVICES,
  OPERATORS,
  ...hosts.map(hostPrincipal),
  ...puppetServers.map(publisherPrincipal),
];

/** What rights are given to: each principal by its name, hosts and publishers also all together. */
export function groupsOf(principal: string): readonly string[] {
  if (principal.startsWith('host.')) return [principal, HOSTS];
  if (principal.startsWith('publisher.')) return [principal, PUBLISHERS];
  return [principal];
}

/** What a principal is in the table of topics: a service by its name, `listener` for whatever runs on a host. */
export function roleOf(principal: string): ServiceName | undefined {
  if (/^(?:host|publisher)\../.test(principal)) return 'listener';
  return SERVICES.find((name) => name === principal);
}
