import { OPERATORS } from '@gantry/contracts';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { join } from 'node:path';
import { LabError, passcodeVariable, waitUntil, type BrokerCredentials } from '@gantry/lab';
import { brokerAnswers } from './converse-stomp.js';
import type { InfraProvider } from './infra-provider.js';
import { postgresAnswers } from './query-postgres.js';
import type { ServerControl } from './test-server.js';

const UP_LIMIT_MS = 120_000;
const COMMAND_LIMIT_MS = 120_000;
const runFile = promisify(execFile);

/** An environment, as far as it is set. */
export type Environment = Readonly<Record<string, string | undefined>>;

interface ExternalServer {
  /** Middle of the variables' names: GANTRY_TEST_<kind>_DOWN. */
  readonly kind: 'POSTGRES' | 'BROKER';
  readonly env: Environment;
  readonly answers: () => Promise<boolean>;
}

/** Servers that run already; the environment says where, and by which commands they go and come. */
export function externalInfra(env: Environment): InfraProvider {
  return {
    startPostgres: async () => {
      const adminUrl = needed(env, 'GANTRY_TEST_POSTGRES_URL', "a superuser's postgres:// URL");
      const answers = () => postgresAnswers(adminUrl);
      return { adminUrl, ...(await found({ kind: 'POSTGRES', env, answers })) };
    },
    startBroker: async () => {
      const uri = needed(env, 'GANTRY_TEST_BROKER_URI', 'stomp+ssl://host:port');
      const credentials = (login: string) =>
        uri.startsWith('stomp+ssl:') ? certified(env, login) : withPassword(env, login);
      const account = credentials(OPERATORS);
      const answers = () => brokerAnswers({ uri, account });
      return { uri, credentials, ...(await found({ kind: 'BROKER', env, answers })) };
    },
  };
}

const withPassword = (env: Environment, login: string): BrokerCredentials => ({
  login,
  passcode: needed(env, passcodeVariable(login), `the password of the account ${login}`),
});

function certified(env: Environment, login: string): BrokerCredentials {
  const meaning = 'the folder that lab/scripts/make-broker-certificates.mjs made with --fleet';
  const at = (file: string) => join(needed(env, 'GANTRY_BROKER_KEYS', meaning), login, file);
  return { login, tlsFiles: { ca: at('ca.pem'), cert: at('cert.pem'), key: at('key.pem') } };
}

async function found(server: ExternalServer): Promise<ServerControl> {
  if (!(await server.answers()))
    throw new LabError(
      `The external ${server.kind.toLowerCase()} does not let us in`,
      'nobody listens there, or the password is wrong',
      'start it and compare the GANTRY_TEST_ variables with its settings',
    );
  return {
    shared: true,
    down: () => runCommandOf(server, 'DOWN'),
    up: async () => {
      await runCommandOf(server, 'UP');
      const onTimeout = () =>
        new LabError(
          `The external ${server.kind.toLowerCase()} stays away`,
          `it did not answer for ${UP_LIMIT_MS / 1_000} s after GANTRY_TEST_${server.kind}_UP`,
          'read its log',
        );
      await waitUntil(server.answers, { deadlineMs: UP_LIMIT_MS, everyMs: 200, onTimeout });
    },
    stop: () => Promise.resolve(),
  };
}

async function runCommandOf(server: ExternalServer, direction: 'DOWN' | 'UP'): Promise<void> {
  const name = `GANTRY_TEST_${server.kind}_${direction}`;
  const command = needed(server.env, name, 'a shell command, e.g. docker compose kill postgres');
  await runFile('sh', ['-c', command], { timeout: COMMAND_LIMIT_MS });
}

function needed(env: Environment, name: string, meaning: string): string {
  const value = env[name];
  if (value !== undefined && value !== '') return value;
  throw new LabError(
    'Cannot use external servers for this test',
    `${name} is not set`,
    `set it to ${meaning}, or choose another GANTRY_TEST_INFRA`,
  );
}
