import { OPERATORS } from '@gantry/contracts';
import { randomBytes } from 'node:crypto';
import {
  BrokerAccounts,
  passwordBrokerXml,
  freePort,
  specFleet,
  LabError,
  passcodeVariable,
  waitUntil,
} from '@gantry/lab';
import {
  GenericContainer,
  getContainerRuntimeClient,
  type StartedTestContainer,
} from 'testcontainers';
import { brokerAnswers } from './converse-stomp.js';
import type { InfraProvider } from './infra-provider.js';
import { postgresAnswers } from './query-postgres.js';
import type { ServerControl } from './test-server.js';

const POSTGRES_PORT = 5432;
const STOMP_PORT = 61613;
const BROKER_CONFIG = '/opt/apache-activemq/conf/gantry.xml';
const START_LIMIT_MS = 180_000;
const LOG_TAIL = 20;

/** Public images, started by Testcontainers; GANTRY_POSTGRES_IMAGE and GANTRY_ACTIVEMQ_IMAGE name others. */
export const containers: InfraProvider = {
  startPostgres: async () => {
    const image = process.env['GANTRY_POSTGRES_IMAGE'] ?? 'postgres:15';
    const password = secret();
    const container = new GenericContainer(image).withEnvironment({ POSTGRES_PASSWORD: password });
    const started = await start(container, image, POSTGRES_PORT);
    const adminUrl = `postgres://postgres:${password}@${addressOf(started, POSTGRES_PORT)}/postgres`;
    return { adminUrl, ...(await answering(started, image, () => postgresAnswers(adminUrl))) };
  },
  startBroker: async () => {
    const image = process.env['GANTRY_ACTIVEMQ_IMAGE'] ?? 'apache/activemq-classic:6.2.8';
    const accounts = new BrokerAccounts(specFleet());
    const content = passwordBrokerXml(specFleet());
    const container = new GenericContainer(image)
      .withEnvironment(
        Object.fromEntries(
          accounts.all.map(({ login, passcode }) => [passcodeVariable(login), passcode]),
        ),
      )
      .withCopyContentToContainer([{ content, target: BROKER_CONFIG, mode: 0o644 }])
      // Not the image's entry point: it edits the configuration it finds.
      .withEntrypoint(['activemq', 'console', `xbean:file:${BROKER_CONFIG}`]);
    const started = await start(container, image, STOMP_PORT);
    const uri = `stomp://${addressOf(started, STOMP_PORT)}`;
    const credentials = (principal: string) => accounts.of(principal);
    const answers = () => brokerAnswers({ uri, account: credentials(OPERATORS) });
    return { uri, credentials, ...(await answering(started, image, answers)) };
  },
};

async function start(
  container: GenericContainer,
  image: string,
  port: number,
): Promise<StartedTestContainer> {
  // A port the engine chose would be another one after a restart.
  const host = await freePort();
  const lines: string[] = [];
  try {
    return await container
      .withExposedPorts({ container: port, host })
      .withStartupTimeout(START_LIMIT_MS)
      .withLogConsumer((stream) => stream.on('data', (line: unknown) => lines.push(String(line))))
      .start();
  } catch (cause) {
    // Testcontainers has removed the container by now, and its log with it.
    const log = lines.slice(-LOG_TAIL).join('');
    throw new LabError(
      `Cannot start a container of ${image}`,
      `${String(cause)}\n${log === '' ? 'It logged nothing.' : log}`,
      'see that a Docker engine runs and can pull it; GANTRY_POSTGRES_IMAGE and GANTRY_ACTIVEMQ_IMAGE name other images',
      { cause },
    );
  }
}

async function answering(
  started: StartedTestContainer,
  image: string,
  answers: () => Promise<boolean>,
): Promise<ServerControl> {
  const { container: engine } = await getContainerRuntimeClient();
  const container = engine.getById(started.getId());
  const untilItAnswers = () =>
    waitUntil(answers, {
      deadlineMs: START_LIMIT_MS,
      everyMs: 200,
      onTimeout: () =>
        new LabError(
          `The container of ${image} does not answer`,
          `nothing for ${START_LIMIT_MS / 1_000} s`,
          `read its log: docker logs ${started.getId().slice(0, 12)}`,
        ),
    });
  await untilItAnswers();
  return {
    shared: false,
    down: async () => {
      await container.kill();
      // The engine answers before the process is gone, and would not start what still runs.
      await container.wait();
    },
    up: async () => {
      await container.start();
      await untilItAnswers();
    },
    stop: async () => {
      await started.stop();
    },
  };
}

function addressOf(started: StartedTestContainer, port: number): string {
  return `${started.getHost()}:${started.getMappedPort(port)}`;
}

function secret(): string {
  return randomBytes(12).toString('hex');
}
