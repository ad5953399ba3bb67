import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Lab } from '@gantry/lab';
import { SIGNING_KID, type Keys } from './keys.js';
import { REPO_ROOT } from './repo-root.js';

/** Programs that gates may run. */
const GATES = join(REPO_ROOT, 'demo', 'gates');

/** Services of which an installation has processes. */
export type ServiceName =
  | 'orchestrator'
  | 'audit'
  | 'puppet-dispatcher'
  | 'lb-controller'
  | 'build-watcher'
  | 'gateway'
  | 'verifier';

type Environment = Readonly<Record<string, string>>;

/** The environment variables every replica of every service is started with. */
export async function environments(
  lab: Lab,
  keys: Keys,
  fleetFile: string,
): Promise<(name: ServiceName, replica: number) => Environment> {
  const own = ownVariables(lab, keys, { fleetFile, databaseUrl: await makeDatabase(lab) });
  return (name, replica) => {
    return {
      ...lab.broker.environment(name),
      GANTRY_INSTANCE: `${name}-${replica}`,
      ...own[name],
    };
  };
}

function ownVariables(
  lab: Lab,
  keys: Keys,
  { fleetFile, databaseUrl }: { fleetFile: string; databaseUrl: (role: string) => string },
): Record<ServiceName, Environment> {
  return {
    orchestrator: {
      GANTRY_DATABASE_URL: databaseUrl('orchestrator_service'),
      GANTRY_MIGRATION_URL: databaseUrl('postgres'),
      GANTRY_FLEET_FILE: fleetFile,
      GANTRY_LOG_MARK_FILE: lab.workspace.path('log-mark.json'),
    },
    audit: {
      GANTRY_DATABASE_URL: databaseUrl('audit_service'),
      GANTRY_MIGRATION_URL: databaseUrl('postgres'),
    },
    'puppet-dispatcher': {
      GANTRY_SIGNING_KEY_FILE: keys.signingKeyFile,
      GANTRY_SIGNING_KID: SIGNING_KID,
      GANTRY_HOST_KEYS: keys.enrolled,
    },
    'lb-controller': {
      GANTRY_LB_DEVICES: JSON.stringify([haproxyDevice(lab)]),
    },
    'build-watcher': {
      GANTRY_CURSOR_DIR: lab.workspace.path('cursors'),
      GANTRY_REPOSITORIES: JSON.stringify([
        { name: 'lab', url: lab.repository.url, packages: ['shop'], pollMs: 1_000 },
      ]),
    },
    gateway: {},
    verifier: {
      GANTRY_EVIDENCE_DIR: lab.workspace.path('evidence'),
      GANTRY_GATE_ALLOW: `${lab.network.subnet},127.0.0.1`,
      GANTRY_GATE_COMMANDS_DIR: GATES,
    },
  };
}

const haproxyDevice = (lab: Lab) => ({
  name: 'lab-haproxy',
  driver: 'haproxy',
  socket: lab.haproxy.socketPath,
  checkIntervalMs: 500,
  pollMs: 50,
});

/** A database of its own; the services' roles may do what they need and no more. */
async function makeDatabase({ postgres }: Lab): Promise<(role: string) => string> {
  const name = `gantry_${randomBytes(3).toString('hex')}`;
  await postgres.createDatabase(name);
  for (const role of ['orchestrator_service', 'audit_service']) {
    await postgres.sql(`CREATE ROLE ${role} LOGIN`).catch(() => undefined);
  }
  return (role) => postgres.url(name, role);
}
