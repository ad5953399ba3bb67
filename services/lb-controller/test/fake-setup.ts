import type { Certname, DeviceName, PoolName, RequestId } from '@gantry/contracts';
import { systemClock } from '@gantry/service-kit';
import { Devices } from '../src/adapters/devices.js';
import type { DrainRequest } from '../src/procedures/drain-run.js';
import { FakeLoadBalancer, type FakeOptions } from './fake-load-balancer.js';
import { VirtualPace } from './virtual-pace.js';

/** A fake device with the tools of the procedures around it, in virtual time. */
export function fakeSetup(options: Partial<FakeOptions> = {}) {
  const pace = new VirtualPace();
  const device = new FakeLoadBalancer({
    device: 'fake' as DeviceName,
    pace,
    pools: { web: ['web1', 'web2', 'web3'], api: ['web1', 'web2', 'web3'] },
    timing: { pollMs: 50, checkWindowMs: 200, reloadGraceMs: 0 },
    checkIntervalMs: 100,
    latencyMs: () => 1,
    ...options,
  });
  const log: string[] = [];
  const counted = { reasserted: 0 };
  const tools = {
    devices: new Devices([device]),
    pace,
    clock: systemClock,
    log: { warn: (msg: string) => void log.push(msg), error: (msg: string) => void log.push(msg) },
    reasserted: () => void (counted.reasserted += 1),
    owners: {
      known: () => Promise.resolve(),
      asksFor: () => Promise.resolve(true),
      keepsOut: () => Promise.resolve(true),
    },
  };
  return { device, pace, tools, log, counted };
}

/** A place of a host in a pool of the fake. */
export const placeOf = (member: string, backend = 'web', minInService = 1) => ({
  pool: backend as PoolName,
  device: 'fake' as DeviceName,
  backend,
  member,
  minInService,
});

/** A drain of a host named like its member. */
export const drainOf = (member: string, change: Partial<DrainRequest> = {}): DrainRequest => ({
  requestId: `drain-${member}` as RequestId,
  host: member as Certname,
  epoch: 1,
  memberships: [placeOf(member)],
  timeoutMs: 10_000,
  maxConnections: 0,
  onTimeout: 'fail',
  ...change,
});
