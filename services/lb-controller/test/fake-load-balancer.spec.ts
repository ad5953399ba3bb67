import type { DeviceName } from '@gantry/contracts';
import type { DeviceUnderTest } from './device-under-test.js';
import { FakeLoadBalancer } from './fake-load-balancer.js';
import { loadBalancerDriverSuite } from './load-balancer-driver.suite.js';
import { VirtualPace } from './virtual-pace.js';

const resolved = (work: () => void) => () => {
  work();
  return Promise.resolve();
};

function fake(): Promise<DeviceUnderTest> {
  const pace = new VirtualPace();
  const name = 'fake' as DeviceName;
  const driver = new FakeLoadBalancer({
    device: name,
    pace,
    pools: { web: ['web1', 'web2', 'web3'], api: ['web1', 'web2'] },
    timing: { pollMs: 50, checkWindowMs: 200, reloadGraceMs: 2_000 },
    checkIntervalMs: 100,
    latencyMs: () => 1,
  });
  return Promise.resolve({
    name,
    driver,
    pace,
    request: (backend) => resolved(() => driver.request(backend))(),
    hits: (member) => driver.hits(member),
    checks: (member) => driver.checks(member),
    hold: (backend, member) => {
      let open = true;
      const release = driver.hold(backend, member);
      return Promise.resolve({
        open: () => open,
        release: () => {
          open = false;
          release();
        },
      });
    },
    setWell: (member, well) => driver.setWell(member, well),
    reload: resolved(() => driver.reload()),
    unplug: resolved(() => (driver.plugged = false)),
    plug: resolved(() => (driver.plugged = true)),
    close: () => Promise.resolve(),
  });
}

loadBalancerDriverSuite('the fake', fake, 5_000);
