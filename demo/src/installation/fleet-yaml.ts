import type { Lab } from '@gantry/lab';
import { SHOP_POOL } from '@gantry/lab';

/** Settings of the demo's strategy that tests want to change. */
export interface FleetSettings {
  readonly maxOutOfService?: number;
  readonly absoluteMin?: number;
  readonly minPercent?: number;
  readonly canaryHosts?: number;
}

/** The fleet file of a lab: the application shop, its pool, its hosts, one environment. */
export function fleetYaml(lab: Lab, settings: FleetSettings = {}): string {
  const { maxOutOfService = 1, absoluteMin = 3, minPercent = 66, canaryHosts = 1 } = settings;
  const members = lab.hosts.map((h) => `      ${h.certname}: ${h.name}`).join('\n');
  const hosts = lab.hosts.map((h) => h.certname).join(', ');
  return `version: 1
applications:
  shop:
    packages:
      - name: shop
        hieraKey: profile::shop::version
    health:
      url: http://127.0.0.1:8080/health
      expectStatus: 200
      expectBody: ok {evr}
      intervalMs: 50
      goodInRow: 3
      deadlineMs: 8000
    strategy:
      canary: { hosts: ${canaryHosts}, bakeMs: 1000 }
      maxOutOfService: ${maxOutOfService}
      maxUnavailablePercent: 50
      minPercent: ${minPercent}
      absoluteMin: ${absoluteMin}
      failureBudget: 0
      onFailure: pause
      drain: { timeoutMs: 30000, maxConnections: 0, onTimeout: fail }
      enableTimeoutMs: 30000
      run: { timeoutMs: 300000, waitForLockMs: 120000 }
pools:
  shop:
    device: lab-haproxy
    backend: ${SHOP_POOL}
    members:
${members}
puppetServers:
  ${lab.puppetServer.certname}: { maxConcurrentRuns: 10 }
environments:
  production:
    puppetServers: [${lab.puppetServer.certname}]
    applications:
      shop:
        hosts: [${hosts}]
        pools: [shop]
`;
}
