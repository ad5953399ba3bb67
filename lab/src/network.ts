import { randomInt } from 'node:crypto';
import { LabError } from './lab-error.js';
import { run, tryRun } from './run.js';
import type { Workspace } from './workspace.js';

/** A bridge of our own with a /24 that nobody on this machine uses; the machine itself is `.1`. */
export class Network {
  private constructor(
    readonly bridge: string,
    readonly prefix: string,
  ) {}

  static async start(workspace: Workspace): Promise<Network> {
    requireRoot();
    // Interface names end after 15 letters: g + tag + -br leaves room for a host's name.
    const bridge = `g${workspace.tag}-br`;
    const network = new Network(bridge, await freePrefix());
    await workspace.ownLink(bridge);
    await run(['ip', 'link', 'add', bridge, 'type', 'bridge']);
    await run(['ip', 'addr', 'add', `${network.gateway}/24`, 'dev', bridge]);
    await run(['ip', 'link', 'set', bridge, 'up']);
    return network;
  }

  /** This machine's address in the network: broker, Puppet server and repository listen here. */
  get gateway(): string {
    return this.address(1);
  }

  get subnet(): string {
    return `${this.prefix}.0/24`;
  }

  address(number: number): string {
    return `${this.prefix}.${number}`;
  }

  async stop(): Promise<void> {
    await tryRun(['ip', 'link', 'del', this.bridge]);
  }
}

/** Stops with advice where namespaces and bridges cannot be made. */
function requireRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new LabError(
    'Cannot make hosts',
    'network and mount namespaces need root',
    'run it as root (sudo), in a virtual machine or a container started with --privileged',
  );
}

async function freePrefix(): Promise<string> {
  const taken = `${await run(['ip', '-4', 'addr'])}\n${await run(['ip', '-4', 'route'])}`;
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const prefix = `10.${randomInt(64, 192)}.${randomInt(0, 256)}`;
    if (!overlaps(prefix, taken)) return prefix;
  }
  throw new LabError('No free network', '100 random 10.x.y.0/24 were taken', 'see `ip route`');
}

/** True when an address or a route shown by `ip` covers any of 10.x.y.0/24. */
export function overlaps(prefix: string, shown: string): boolean {
  const wanted = toNumber(`${prefix}.0`);
  return [...shown.matchAll(/\b(\d+\.\d+\.\d+\.\d+)(?:\/(\d+))?/g)].some(
    ([, address = '', length]) => {
      const bits = Math.min(Number(length ?? 32), 24);
      // A default or a huge route (0.0.0.0/0, 10.0.0.0/8) is not somebody's network beside us, unless it is an interface's.
      const size = 2 ** (32 - bits);
      return Math.floor(wanted / size) === Math.floor(toNumber(address) / size);
    },
  );
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
