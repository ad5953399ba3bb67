import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '@gantry/service-kit';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { auditConfig } from '../../services/audit/src/config.js';
import { BuildWatcherConfig } from '../../services/build-watcher/src/config.js';
import { GatewayEnv } from '../../services/gateway/src/config.js';
import { LbControllerConfig } from '../../services/lb-controller/src/config.js';
import { orchestratorConfig } from '../../services/orchestrator/src/config.js';
import { parseFleetFile } from '../../services/orchestrator/src/fleet/fleet-file.js';
import { DispatcherConfig } from '../../services/puppet-dispatcher/src/config.js';
import { VerifierConfig } from '../../services/verifier/src/config.js';
import { readCompose, readEnvFile, repositoryFile, type ComposeService } from './compose-file.js';

const SCHEMAS: Readonly<Record<string, Parameters<typeof loadConfig>[0]>> = {
  orchestrator: orchestratorConfig,
  audit: auditConfig,
  'puppet-dispatcher': DispatcherConfig,
  'lb-controller': LbControllerConfig,
  'build-watcher': BuildWatcherConfig,
  verifier: VerifierConfig,
  gateway: GatewayEnv,
};
/** Runs on hosts, not in a container; files to be served, not a process. */
const NOT_IN_COMPOSE = ['puppet-listener', 'web'];
const INFRASTRUCTURE = ['postgres', 'activemq', 'haproxy'];

const example = readEnvFile('deploy/compose/example.env');
const compose = readCompose(example);
const services = Object.entries(compose.services);
const ours = services.filter(([name]) => !INFRASTRUCTURE.includes(name));

/** What a container sees at a path that is mounted into it: source on this machine. */
const mountsOf = (service: ComposeService): Map<string, string> =>
  new Map(
    (service.volumes ?? []).map((volume) => {
      const [source = '', target = ''] = volume.split(':');
      return [target, source];
    }),
  );

const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(`${folder}/`);

describe('docker-compose.yml', () => {
  let dir: string;
  let signingKey: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'gantry-compose-'));
    signingKey = join(dir, 'signing-key.pem');
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(signingKey, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  it('runs every service of the repository', () => {
    const folders = readdirSync(repositoryFile('services')).filter(
      (name) => !NOT_IN_COMPOSE.includes(name),
    );
    expect(ours.map(([name]) => name).sort()).toEqual(folders.sort());
  });

  it('wants nothing that example.env does not have, and every password', () => {
    const missing: string[] = [];
    readCompose(example, missing);
    expect(missing).toEqual([]);
    readCompose({}, missing);
    const passwords = Object.keys(example).filter((name) => /PASS/.test(name));
    expect(passwords.length).toBeGreaterThan(3);
    expect(missing).toEqual(expect.arrayContaining(passwords));
  });

  it.each(Object.entries(SCHEMAS))(
    'gives %s the settings it takes, and no others',
    (name, schema) => {
      const service = compose.services[name];
      const environment = { ...service?.environment };
      const mounts = mountsOf(service ?? {});
      for (const [key, path] of Object.entries(environment)) {
        if (!path.startsWith('/etc/gantry/')) continue;
        expect([...mounts.keys()].filter((mount) => isWithin(path, mount))).toHaveLength(1);
        // The only file that is read with the settings.
        if (key.endsWith('_FILE') && path.endsWith('.pem')) environment[key] = signingKey;
      }
      expect(() => loadConfig(schema, environment)).not.toThrow();
      const known = Object.keys(schema.shape).flatMap((key) => [key, `${key}_FILE`]);
      expect(Object.keys(environment).filter((key) => !known.includes(key))).toEqual([]);
      const { GANTRY_BROKER_LOGIN: _gone, ...without } = environment;
      expect(() => loadConfig(schema, without)).toThrow(/GANTRY_BROKER_LOGIN/);
    },
  );

  it.each(ours)('starts %s from what the build makes', (name, service) => {
    const program = [...(service.entrypoint ?? []), ...(service.command ?? [])];
    expect(program).toEqual(['node', `services/${name}/dist/main.js`]);
    expect(existsSync(repositoryFile(`services/${name}/src/main.ts`))).toBe(true);
  });

  it("publishes on loopback only, and lets nothing but the gateway and its client into the machine's network", () => {
    const ports = services.flatMap(([, { ports: published = [] }]) => published);
    expect(ports.length).toBeGreaterThan(0);
    expect(ports.filter((port) => !/^127\.0\.0\.1:\d+:\d+$/.test(port))).toEqual([]);
    const host = services
      .filter(([, { network_mode: mode }]) => mode === 'host')
      .map(([name]) => name);
    expect(host.sort()).toEqual(['cli', 'gateway']);
    // In that network an open address would be open to all.
    expect(compose.services['gateway']?.environment?.['GANTRY_HTTP_HOST'] ?? '127.0.0.1').toBe(
      '127.0.0.1',
    );
  });

  it('lets every image be replaced by a variable', () => {
    const images = {
      GANTRY_IMAGE: 'a:1',
      POSTGRES_IMAGE: 'b:1',
      ACTIVEMQ_IMAGE: 'c:1',
      HAPROXY_IMAGE: 'd:1',
    };
    const replaced = Object.values(readCompose({ ...example, ...images }).services).map(
      ({ image }) => image,
    );
    expect([...new Set(replaced)].sort()).toEqual(Object.values(images).sort());
    expect(readFileSync(repositoryFile('Dockerfile'), 'utf8').match(/^FROM .*$/gm)).toEqual([
      'FROM ${NODE_IMAGE} AS build',
      'FROM ${NODE_IMAGE}',
    ]);
  });

  it('knows of everything that runs whether it is well, and waits for that', () => {
    for (const [name, { healthcheck, depends_on: needs = {} }] of services) {
      const check = healthcheck?.test ?? [];
      if (name !== 'cli') expect(check[0]).toBe('CMD');
      expect(check.filter((word) => typeof word !== 'string')).toEqual([]);
      for (const [needed, { condition }] of Object.entries(needs)) {
        expect(Object.keys(compose.services)).toContain(needed);
        expect(condition).toBe('service_healthy');
      }
    }
  });

  it('asks a service for its readiness with a program that is one', () => {
    const [, , , program = ''] = compose.services['audit']?.healthcheck?.test ?? [];
    expect(program).toContain('${process.env.GANTRY_HTTP_PORT}/readyz');
    expect(() => new Script(program)).not.toThrow();
  });

  it('names no network, volume or file that is not there', () => {
    for (const [, service] of services) {
      for (const network of service.networks ?? [])
        expect(Object.keys(compose.networks)).toContain(network);
      for (const source of mountsOf(service).values()) {
        const isFile = source.startsWith('./');
        if (!isFile) expect(Object.keys(compose.volumes)).toContain(source);
        // Keys are made by whoever runs it.
        else if (!source.includes('/keys/')) expect(existsSync(repositoryFile(source))).toBe(true);
      }
    }
  });

  it("keeps the balancer's admin socket to lb-controller", () => {
    const inNetwork = services
      .filter(([, { networks = [] }]) => networks.includes('balancer'))
      .map(([name]) => name);
    expect(inNetwork.sort()).toEqual(['haproxy', 'lb-controller']);
    expect(compose.networks['balancer']).toEqual({ internal: true });
  });

  it("brings a fleet file that is good, and names what the balancer's example has", () => {
    const text = readFileSync(repositoryFile('deploy/compose/fleet.yaml'), 'utf8');
    const file = parseFleetFile(text, 'fleet.yaml');
    if (!file.ok) throw new Error(JSON.stringify(file.problems, null, 2));
    const haproxy = readFileSync(repositoryFile('deploy/haproxy/haproxy.cfg'), 'utf8');
    for (const { backend, members } of Object.values(file.fleet.pools)) {
      expect(haproxy).toMatch(new RegExp(`^backend ${backend}$`, 'm'));
      for (const member of Object.values(members))
        expect(haproxy).toMatch(new RegExp(`^ {2}server ${member} `, 'm'));
    }
  });

  it('opens no port of the broker but STOMP, and takes what opens its key stores from outside', () => {
    const xml = readFileSync(repositoryFile('deploy/activemq/activemq.xml'), 'utf8');
    expect(xml.match(/<transportConnector .*uri="[a-z+]+:/g)).toEqual([
      expect.stringContaining('uri="stomp+ssl:'),
    ]);
    const passwords = [...xml.matchAll(/Password="([^"]*)"/g)].map(([, password]) => password);
    expect(passwords.length).toBeGreaterThan(0);
    for (const password of passwords) {
      const [, variable = ''] = /^\$\{(.+)\}$/.exec(password ?? '') ?? [];
      expect(Object.keys(compose.services['activemq']?.environment ?? {})).toContain(variable);
    }
  });

  it("gives each service its own certificate and nobody else's, and the broker its stores where its configuration looks", () => {
    for (const name of Object.keys(SCHEMAS)) {
      const service = compose.services[name];
      expect(service?.environment?.['GANTRY_BROKER_URIS']).toMatch(/^stomp\+ssl:/);
      expect(service?.environment?.['GANTRY_BROKER_PASSCODE']).toBeUndefined();
      const keys = [...mountsOf(service ?? {}).values()].filter((path) =>
        /keys\/broker/.test(path),
      );
      expect(keys).toEqual([`./deploy/compose/keys/broker/${name}`]);
    }
    const xml = readFileSync(repositoryFile('deploy/activemq/activemq.xml'), 'utf8');
    const mounts = mountsOf(compose.services['activemq'] ?? {});
    expect(xml).toContain('file:${activemq.conf}/tls/broker.p12');
    expect(mounts.get('/opt/apache-activemq/conf/tls')).toMatch(/keys\/broker\/activemq$/);
    for (const file of ['login.config', 'users.properties', 'groups.properties'])
      expect(mounts.get(`/opt/apache-activemq/conf/${file}`)).toBe(`./deploy/activemq/${file}`);
  });
});
