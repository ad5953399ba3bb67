import { OPERATORS, type BrokerFleet, type BrokerForward } from '@gantry/contracts';
import { access, rm, writeFile } from 'node:fs/promises';
import { specFleet, type BrokerCredentials } from './broker-access.js';
import { brokerConnection, brokerEnvironment, type BrokerConnection } from './broker-client.js';
import type { BrokerCertificates } from './broker-certificates.js';
import { activemqXml, LOG4J } from './broker-config.js';
import { CertificateGate, PasswordGate, type BrokerGate } from './broker-gate.js';
import { groupsProperties, LOGIN_CONFIG, usersProperties } from './broker-logins.js';
import { LabError } from './lab-error.js';
import { freePort } from './ports.js';
import type { ManagedProcess } from './processes.js';
import { stompAnswers } from './stomp-probe.js';
import { Workspace } from './workspace.js';

const HOME = '/usr/share/activemq';
const OPENED = ['lang', 'util', 'util.concurrent', 'util.concurrent.atomic', 'net', 'security'];
const LIMITS = { memory: '128 mb', store: '2 gb', temp: '256 mb' };
const ADVICE = 'free memory, or read the log; ./gantry test installs activemq';

/** How a private ActiveMQ is started. */
export interface BrokerOptions {
  /** Without one, a workspace is made and closed with stop(). */
  readonly workspace?: Workspace;
  /** Where STOMP is offered, on one port; the first is used by services on this machine. */
  readonly addresses?: readonly string[];
  /** Hosts and Puppet servers that have accounts, besides the services. */
  readonly fleet?: BrokerFleet;
  /** Passwords and no TLS: for benches, whose other clients speak none. */
  readonly plain?: boolean;
  /** Topics of a bench or a spec that are not Gantry's. */
  readonly forwards?: readonly BrokerForward[];
}

/** A real ActiveMQ Classic with rights, STOMP over TLS only; everybody comes in by a certificate. */
export class Broker {
  private process: ManagedProcess | undefined;

  private constructor(
    private readonly workspace: Workspace,
    private readonly ownsWorkspace: boolean,
    private readonly gate: BrokerGate,
    readonly addresses: readonly string[],
    readonly port: number,
  ) {}

  static async start(options: BrokerOptions = {}): Promise<Broker> {
    await requireActivemq();
    const workspace = options.workspace ?? (await Workspace.open());
    const addresses = options.addresses ?? ['127.0.0.1'];
    const fleet = options.fleet ?? specFleet();
    const gate = options.plain
      ? new PasswordGate(fleet)
      : new CertificateGate(await workspace.folder('broker', 'tls'), addresses, fleet);
    const port = await freePort(addresses);
    const broker = new Broker(workspace, !options.workspace, gate, addresses, port);
    try {
      await broker.configure(fleet, options.forwards ?? []);
      await broker.up();
    } catch (error) {
      await broker.stop();
      throw error;
    }
    return broker;
  }

  get host(): string {
    return this.addresses[0] ?? '127.0.0.1';
  }

  get pid(): number | undefined {
    return this.process?.pid;
  }

  get logFile(): string {
    return this.workspace.path('broker', 'broker.log');
  }

  /** `host:port` for services of this machine, or at another of the broker's addresses. */
  endpoint(address = this.host): string {
    return `${address}:${this.port}`;
  }

  /** For services of this machine, or at another of the broker's addresses. */
  uri(address = this.host): string {
    return `${this.gate.scheme}://${this.endpoint(address)}`;
  }

  credentials(principal: string): BrokerCredentials {
    return this.gate.of(principal);
  }

  /** How a process of Gantry on this machine reaches it as somebody. */
  environment(principal: string): Readonly<Record<string, string>> {
    return brokerEnvironment(this.uri(), this.credentials(principal));
  }

  /** The same for a client in this process. */
  connection(principal: string): BrokerConnection {
    return brokerConnection(this.uri(), this.credentials(principal));
  }

  /** The authority whose certificates it takes. */
  get certificates(): BrokerCertificates {
    if (this.gate instanceof CertificateGate) return this.gate.certificates;
    throw new LabError('No certificates', 'this broker is a plain one', 'start it without `plain`');
  }

  /** Changes whom it knows, from the next connection on. */
  async admit(fleet: BrokerFleet): Promise<void> {
    const folder = await this.workspace.folder('broker', 'conf');
    await writeFile(`${folder}/users.properties`, usersProperties(fleet));
    await writeFile(`${folder}/groups.properties`, groupsProperties(fleet));
  }

  /** Starts the broker again on the same port and store. */
  async up(): Promise<void> {
    const base = this.workspace.path('broker');
    this.process = await this.workspace.start({
      name: 'ActiveMQ',
      argv: javaCommand(base),
      logFile: this.logFile,
      ready: () => this.answers(),
      deadlineMs: 90_000,
      advice: ADVICE,
    });
  }

  async down(): Promise<void> {
    await this.process?.stop();
  }

  async restart(): Promise<void> {
    await this.down();
    await this.up();
  }

  /** Kills the broker as a crash would; up() starts it again on what is on disk. */
  async kill9(): Promise<void> {
    await this.process?.kill9();
  }

  /** Loses the store while the broker is down: every message in flight is gone. */
  async wipe(): Promise<void> {
    if (this.process?.alive)
      throw new LabError('Cannot wipe the broker', 'it is running', 'call down() or kill9() first');
    await rm(this.workspace.path('broker', 'data'), { recursive: true, force: true });
    await this.workspace.folder('broker', 'data');
  }

  async stop(): Promise<void> {
    await this.down();
    if (this.ownsWorkspace) await this.workspace.close();
  }

  private async answers(): Promise<boolean> {
    const account = this.credentials(OPERATORS);
    const answers = this.addresses.map((address) => stompAnswers(address, this.port, account));
    return (await Promise.all(answers)).every(Boolean);
  }

  private async configure(fleet: BrokerFleet, forwards: readonly BrokerForward[]): Promise<void> {
    const folder = await this.workspace.folder('broker', 'conf');
    await this.workspace.folder('broker', 'data');
    await this.workspace.folder('broker', 'tmp');
    const xml = activemqXml({
      name: `gantry-${this.workspace.tag}`,
      endpoints: this.addresses.map((address) => this.endpoint(address)),
      doors: this.gate.doors,
      fleet,
      forwards,
      limits: LIMITS,
    });
    await writeFile(`${folder}/activemq.xml`, xml, { mode: 0o600 });
    await writeFile(`${folder}/login.config`, LOGIN_CONFIG);
    await writeFile(`${folder}/log4j.properties`, LOG4J);
    await this.admit(fleet);
  }
}

// Debian's /usr/bin/activemq overwrites ACTIVEMQ_BASE from its own options file and hides the output: start the jar.
function javaCommand(base: string): string[] {
  return [
    'java',
    ...['-Xms64m', '-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
    ...OPENED.flatMap((name) => ['--add-opens', `java.base/java.${name}=ALL-UNNAMED`]),
    '-Djava.awt.headless=true',
    `-Djava.io.tmpdir=${base}/tmp`,
    `-Dactivemq.classpath=${base}/conf`,
    `-Dactivemq.home=${HOME}`,
    `-Dactivemq.base=${base}`,
    `-Dactivemq.conf=${base}/conf`,
    `-Dactivemq.data=${base}/data`,
    `-Djava.security.auth.login.config=${base}/conf/login.config`,
    ...['-jar', `${HOME}/bin/activemq.jar`, 'start', `xbean:file:${base}/conf/activemq.xml`],
  ];
}

async function requireActivemq(): Promise<void> {
  await access(`${HOME}/bin/activemq.jar`).catch((cause: unknown) => {
    throw new LabError(
      'Cannot start ActiveMQ',
      `no ${HOME}/bin/activemq.jar`,
      'apt-get install activemq',
      { cause },
    );
  });
}
