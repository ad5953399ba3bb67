import ipaddr from 'ipaddr.js';

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

const HOST = /^\.?[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?$/;

/** Hosts and addresses inside the house that may be asked: names, names under `.a.domain`, addresses and CIDR ranges. */
export class AllowList {
  private constructor(
    private readonly hosts: readonly string[],
    private readonly ranges: readonly Range[],
  ) {}

  static parse(text: string): { readonly list: AllowList; readonly problems: readonly string[] } {
    const entries = text
      .split(',')
      .map((entry) => entry.trim().toLowerCase())
      .filter((entry) => entry !== '');
    const ranges = entries.map(rangeOf).filter((range) => range !== undefined);
    const hosts = entries.filter((entry) => rangeOf(entry) === undefined);
    const problems = hosts
      .filter((host) => !HOST.test(host) || /^[0-9.]+$/.test(host))
      .map(
        (host) => `"${host}" is neither a host name, an address nor a range such as 10.1.0.0/16`,
      );
    return { list: new AllowList(hosts, ranges), problems };
  }

  hasHost(host: string): boolean {
    const name = host.toLowerCase().replace(/\.$/, '');
    return this.hosts.some((entry) =>
      entry.startsWith('.') ? name.endsWith(entry) : name === entry,
    );
  }

  hasAddress(address: string): boolean {
    const ip = ipaddr.process(address);
    return this.ranges.some(([range, bits]) => ip.kind() === range.kind() && ip.match(range, bits));
  }
}

function rangeOf(entry: string): Range | undefined {
  if (ipaddr.isValidCIDR(entry)) return ipaddr.parseCIDR(entry);
  if (ipaddr.IPv4.isValidFourPartDecimal(entry)) return [ipaddr.process(entry), 32];
  if (ipaddr.IPv6.isValid(entry)) return [ipaddr.parse(entry), 128];
  return undefined;
}
