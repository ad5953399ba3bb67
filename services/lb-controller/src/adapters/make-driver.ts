import type { DeviceConfig } from '../config.js';
import type { LoadBalancerDriver } from '../ports/load-balancer-driver.port.js';
import { HaproxyDriver } from './haproxy/haproxy.driver.js';
import { RuntimeSocket, type Endpoint } from './haproxy/runtime-socket.js';

/** Makes the driver of a configured device. */
export function makeDriver(config: DeviceConfig): LoadBalancerDriver {
  const { name, checkIntervalMs, checkTimeoutMs = checkIntervalMs, pollMs, reloadGraceMs } = config;
  const timing = { pollMs, reloadGraceMs, checkWindowMs: checkIntervalMs + checkTimeoutMs };
  return new HaproxyDriver(name, timing, new RuntimeSocket(name, endpointOf(config.socket)));
}

function endpointOf(socket: string): Endpoint {
  const tcp = /^tcp:\/\/([^:]+):(\d+)$/.exec(socket);
  return tcp ? { host: tcp[1] ?? '', port: Number(tcp[2]) } : { path: socket };
}
