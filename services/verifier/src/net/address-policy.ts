import ipaddr from 'ipaddr.js';

/** Public by number, but they are a cloud's own service on every virtual machine. */
const CLOUD_SERVICES: ReadonlySet<string> = new Set(['168.63.129.16']);
/** All of IPv6 that is given out today; what lies outside includes the old spellings of IPv4 addresses. */
const GIVEN_OUT = ipaddr.parseCIDR('2000::/3');

/** Why an address is not the public Internet, or undefined when it is. */
export function whyNotPublic(address: string): string | undefined {
  if (!ipaddr.isValid(address)) return 'not an address';
  const ip = ipaddr.process(address);
  const range = ip.range();
  if (range !== 'unicast') return range;
  if (CLOUD_SERVICES.has(ip.toString())) return 'cloud service';
  if (ip.kind() === 'ipv6' && !ip.match(GIVEN_OUT)) return 'not given out';
  return undefined;
}
