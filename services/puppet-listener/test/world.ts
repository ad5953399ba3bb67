import {
  HOST_LOG_TOPIC,
  HOST_PRESENCE_TOPIC,
  hostCommandTopic,
  hostPrincipal,
  publisherPrincipal,
  makeMessage,
  parseMessage,
  queueDestination,
  topicDestination,
  type AnyMessage,
  type DataOf,
  type Message,
  type MessageType,
} from '@gantry/contracts';
import { startBroker, waitUntil, type Broker } from '@gantry/lab';
import { StompConsumer, StompPublisher } from '@gantry/stomp-transport';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FakePuppet } from './fake-puppet.js';
import { Program } from './program.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const LISTENER = join(ROOT, 'services/puppet-listener/dist/listener.mjs');
const DISPATCHER = join(ROOT, 'services/puppet-dispatcher/dist/main.js');

export const HOST = 'web1.lab';
export const SERVER = 'puppet.lab';
export const STREAM = 'deployment-018f0000-0000-7000-8000-000000000001';

/** A wire message as it was seen on a host's command topic. */
export interface Seen {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** A real broker, the real dispatcher and listener as processes, a played Puppet, and the orchestrator's side of the bus. */
export class World {
  readonly puppet: FakePuppet;
  readonly observed: Message[] = [];
  readonly commands: Seen[] = [];
  readonly notices: Message[] = [];
  readonly folder: string;
  readonly broker: Broker;
  readonly dispatcher: Program;
  readonly agent: Program;
  readonly publisher: Program;
  private readonly out: StompPublisher;
  private readonly asDispatcher: StompPublisher;
  private readonly asHost: StompPublisher;
  private readonly consumer: StompConsumer;

  private constructor(folder: string, broker: Broker) {
    this.folder = folder;
    this.broker = broker;
    this.puppet = new FakePuppet(join(folder, 'puppet'));
    const kid = 'dispatcher-test';
    signingKey(folder, kid);
    this.dispatcher = new Program(DISPATCHER, {
      ...broker.environment('puppet-dispatcher'),
      GANTRY_SIGNING_KEY_FILE: join(folder, 'signing.key'),
      GANTRY_SIGNING_KID: kid,
      GANTRY_HOST_KEYS: join(folder, 'enrolled'),
    });
    this.agent = new Program(LISTENER, listenerEnv(folder, broker, 'agent', HOST));
    this.publisher = new Program(LISTENER, listenerEnv(folder, broker, 'publisher', SERVER));
    const connection = broker.connection('orchestrator');
    this.out = new StompPublisher(connection);
    this.asDispatcher = new StompPublisher(broker.connection('puppet-dispatcher'));
    this.asHost = new StompPublisher(broker.connection(hostPrincipal(HOST)));
    this.consumer = new StompConsumer(broker.connection('ops'));
  }

  static async start(): Promise<World> {
    execFileSync('npx', ['tsc', '-b', 'services/puppet-listener', 'services/puppet-dispatcher'], {
      cwd: ROOT,
    });
    execFileSync(process.execPath, ['services/puppet-listener/bundle.mjs'], { cwd: ROOT });
    const folder = mkdtempSync(join(tmpdir(), 'gantry-listener-'));
    for (const name of ['trusted', 'enrolled', 'hiera']) mkdirSync(join(folder, name));
    const world = new World(folder, await startBroker());
    await world.open();
    return world;
  }

  /** Publishes a request as the orchestrator would. */
  async request<D extends AnyMessage>(definition: D, data: DataOf<D>): Promise<Message<D['type']>> {
    // As the relay publishes it: an event has its place in its stream and in the feed.
    const message = {
      ...makeMessage(definition, data, envelope()),
      ...{ streamversion: 1, position: '1' },
    };
    await this.out.publish({
      destination: topicDestination('puppet.requests'),
      body: JSON.stringify(message),
      groupId: STREAM,
      headers: { 'x-type': message.type },
    });
    return message;
  }

  /** Sends bytes to the host's commands again, as a thief would. */
  replay({ body, headers }: Seen): Promise<void> {
    const { 'x-kid': kid = '', 'x-sig': signature = '' } = headers;
    return this.asDispatcher.publish({
      destination: hostCommandTopic(HOST),
      body,
      headers: { 'x-kid': kid, 'x-sig': signature },
    });
  }

  /** Publishes bytes as a host's reply. */
  forgeReply(body: string, headers: Readonly<Record<string, string>>): Promise<void> {
    return this.asHost.publish({ destination: topicDestination('host.replies'), body, headers });
  }

  /** Waits for an observation of this type about this request. */
  async seen<T extends MessageType>(type: T, requestId: string): Promise<Message<T>> {
    const found = (): Message | undefined =>
      this.observed.find(
        (m) => m.type === type && (m.data as { requestId?: string }).requestId === requestId,
      );
    await this.until(() => found() !== undefined, `${type} about ${requestId}`);
    return found() as Message<T>;
  }

  count(type: MessageType, requestId: string): number {
    return this.observed.filter(
      (m) => m.type === type && (m.data as { requestId?: string }).requestId === requestId,
    ).length;
  }

  async until(probe: () => boolean, what: string): Promise<void> {
    await waitUntil(probe, {
      deadlineMs: 30_000,
      onTimeout: () =>
        new Error(
          `Not seen: ${what}. Observed: ${JSON.stringify(this.observed.map((m) => [m.type, m.data]))}. Agent: ${JSON.stringify(this.agent.lines.slice(-8))}`,
        ),
    });
  }

  async stop(): Promise<void> {
    for (const program of [this.agent, this.publisher, this.dispatcher])
      await program.kill('SIGKILL');
    await this.consumer.close(1_000);
    for (const out of [this.out, this.asDispatcher, this.asHost]) await out.close(1_000);
    await this.broker.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async open(): Promise<void> {
    const keep = (list: Message[]) => (m: { readonly body: Buffer }) => {
      list.push(parseMessage(JSON.parse(m.body.toString())));
      return Promise.resolve();
    };
    this.consumer.subscribe(
      {
        destination: queueDestination('orchestrator', 'puppet.observations'),
        ack: 'client-individual',
      },
      keep(this.observed),
    );
    this.consumer.subscribe(
      { destination: hostCommandTopic(HOST), ack: 'auto' },
      ({ body, headers }) => {
        this.commands.push({ body, headers });
        return Promise.resolve();
      },
    );
    for (const destination of [HOST_LOG_TOPIC, HOST_PRESENCE_TOPIC]) {
      this.consumer.subscribe({ destination, ack: 'auto' }, keep(this.notices));
    }
    await this.consumer.open(10_000);
    for (const out of [this.out, this.asDispatcher, this.asHost]) await out.open(10_000);
    await Promise.all([this.dispatcher.start(), this.agent.start(), this.publisher.start()]);
    this.enrol();
  }

  /** Does what a person does once per host: carries its public key to the dispatcher. */
  enrol(): void {
    copyFileSync(join(this.folder, 'agent/host.pub'), join(this.folder, `enrolled/${HOST}.pub`));
    copyFileSync(
      join(this.folder, 'publisher/host.pub'),
      join(this.folder, `enrolled/publisher.${SERVER}.pub`),
    );
  }
}

function signingKey(folder: string, kid: string): void {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = {
    secret: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    open: publicKey.export({ type: 'spki', format: 'pem' }),
  };
  writeFileSync(join(folder, 'signing.key'), pem.secret);
  writeFileSync(join(folder, 'trusted', `${kid}.pub`), pem.open);
}

function listenerEnv(
  folder: string,
  broker: Broker,
  role: 'agent' | 'publisher',
  certname: string,
): Record<string, string> {
  const bin = (name: string): string => join(folder, 'puppet', name);
  return {
    ...broker.environment(
      role === 'agent' ? hostPrincipal(certname) : publisherPrincipal(certname),
    ),
    GANTRY_LISTENER_ROLE: role,
    GANTRY_CERTNAME: certname,
    GANTRY_STATE_DIR: join(folder, role),
    GANTRY_LOCK_DIR: join(folder, 'lock'),
    GANTRY_DISPATCHER_KEYS: join(folder, 'trusted'),
    GANTRY_HIERA_DIR: join(folder, 'hiera'),
    GANTRY_PACKAGES: 'shopweb',
    GANTRY_PUPPET_BIN: bin('puppet'),
    GANTRY_RPM_BIN: bin('rpm'),
    GANTRY_DNF_BIN: bin('dnf'),
    GANTRY_PRESENCE_MS: '200',
  };
}

function envelope() {
  const id = randomUUID();
  return {
    id,
    source: '/gantry/orchestrator/spec',
    subject: STREAM as never,
    time: new Date().toISOString(),
    correlationid: id,
    causationid: id,
    actor: 'anna' as never,
  };
}
