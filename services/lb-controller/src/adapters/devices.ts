import type { DeviceName } from '@gantry/contracts';
import { notFound } from '../ports/lb-error.js';
import type { LoadBalancerDriver } from '../ports/load-balancer-driver.port.js';

/** The load balancers this service was configured with. */
export class Devices {
  private readonly byName: ReadonlyMap<string, LoadBalancerDriver>;

  constructor(drivers: readonly LoadBalancerDriver[]) {
    this.byName = new Map(drivers.map((driver) => [driver.device, driver]));
  }

  get(name: DeviceName): LoadBalancerDriver {
    const driver = this.byName.get(name);
    if (driver) return driver;
    const known = [...this.byName.keys()].join(', ') || 'none';
    throw notFound('lb-controller', `device ${name}`, `GANTRY_LB_DEVICES names ${known}`);
  }
}
