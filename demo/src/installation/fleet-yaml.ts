import { SHOP_POOL, type FleetHost, type Lab } from '@gantry/lab';

/** Settings of the demo's strategy that tests want to change. */
export interface FleetSettings {
  readonly maxOutOfService?: number;
  readonly absoluteMin?: number;
  readonly minPercent?: number;
  readonly canaryHosts?: number;
  /** Builds travel by themselves from certification through staging to production. */
  readonly pipeline?: boolean;
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
${settings.pipeline === true ? travelling(lab) : ''}`;
}

/** The environments before production, each a host of its own, and what a build must show on its way. */
function travelling(lab: Lab): string {
  const [certification, staging] = lab.apart;
  if (certification === undefined || staging === undefined) return '';
  const alone = (host: FleetHost): string => `    puppetServers: [${lab.puppetServer.certname}]
    applications:
      shop:
        hosts: [${host.certname}]
        pools: []
        strategy: { absoluteMin: 1, minPercent: 0, maxUnavailablePercent: 100 }`;
  return `  certification:
${alone(certification)}
  staging:
${alone(staging)}
${gates(lab, certification, staging)}
pipelines:
  shop:
    applications: [shop]
    stages:
      - environment: certification
        before: [unit-tests]
        after: [answers-in-certification, selenium-in-certification]
      - environment: staging
        after: [answers-in-staging]
      - environment: production
        after: [answers-in-production]
`;
}

/** What a build must show, by the addresses of this lab. */
function gates(lab: Lab, certification: FleetHost, staging: FleetHost): string {
  const url = (host: FleetHost): string => `http://${host.address}:8080`;
  return `gates:
  unit-tests:
    kind: command
    command: [unit-tests.mjs, "${lab.repository.url}", shop, "{evr}"]
    deadlineMs: 60000
  answers-in-certification:
    kind: http
    url: ${url(certification)}/version
    json: { path: version, equals: "{evr}" }
    intervalMs: 100
  selenium-in-certification:
    kind: selenium
    suite: [buy.mjs]
    baseUrl: ${url(certification)}/shop
    deadlineMs: 90000
  answers-in-staging:
    kind: http
    url: ${url(staging)}/version
    json: { path: version, equals: "{evr}" }
    intervalMs: 100
  answers-in-production:
    kind: http
    url: ${lab.haproxy.url('shop')}/version
    json: { path: version, equals: "{evr}" }
    intervalMs: 100`;
}
