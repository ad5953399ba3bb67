import { randomBytes } from 'node:crypto';
import { access, rm, writeFile } from 'node:fs/promises';
import {
  type AccessEntry,
  type BrokerCredentials,
  DEFAULT_ACCESS,
  PRINCIPALS,
} from './broker-access.js';
import { activemqXml, LOG4J } from './broker-config.js';
import { LabError } from './lab-error.js';
import { freePort } from './ports.js';
import type { ManagedProcess } from './processes.js';
import { stompAnswers } from './stomp-probe.js';
import { Workspace } from './workspace.js';

const HOME = '/usr/share/activemq';
const OPENED = ['lang', 'util', 'util.concurrent', 'util.concurrent.atomic', 'net', 'security'];
const ADVICE = 'free memory, or read the log; ./gantry test installs activemq';

/** How a private ActiveMQ is started. */
export interface BrokerOptions {
  /** Without one, a workspace is made and closed with stop(). */
  readonly workspace?: Workspace;
  /** Where STOMP is offered, on one port; the first is used by services on this machine. */
  readonly addresses?: readonly string[];
  /** Account name -> groups. */
  readonly principals?: Readonly<Record<string, string>>;
  readonly access?: readonly AccessEntry[];
}

/** A real ActiveMQ Classic with accounts and rights, STOMP only. */
export class Broker {
  private process: ManagedProcess | undefined;

  private constructor(
    private readonly workspace: Workspace,
    private readonly ownsWorkspace: boolean,
    private readonly accounts: ReadonlyMap<string, BrokerCredentials>,
    readonly addresses: readonly string[],
    readonly port: number,
  ) {}

  static async start(options: BrokerOptions = {}): Promise<Broker> {
    await requireActivemq();
    const workspace = options.workspace ?? (await Workspace.open());
    const principals = options.principals ?? PRINCIPALS;
    const addresses = options.addresses ?? ['127.0.0.1'];
    const credentials = Object.keys(principals).map((login) => ({
      login,
      passcode: randomBytes(12).toString('hex'),
    }));
    const accounts = new Map(credentials.map((account) => [account.login, account]));
    const port = await freePort(addresses);
    const broker = new Broker(workspace, !options.workspace, accounts, addresses, port);
    try {
      const table = options.access ?? DEFAULT_ACCESS;
      const name = `gantry-${workspace.tag}`;
      await broker.configure(
        activemqXml({ name, addresses, port, credentials, principals, access: table }),
      );
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

  credentials(principal: string): BrokerCredentials {
    const account = this.accounts.get(principal);
    if (account) return account;
    const known = [...this.accounts.keys()].join(', ');
    throw new LabError(`No broker account ${principal}`, `known are ${known}`, 'name one of those');
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
    const account = this.accounts.get('ops') ?? [...this.accounts.values()][0];
    if (!account) return false;
    const answers = this.addresses.map((address) => stompAnswers(address, this.port, account));
    return (await Promise.all(answers)).every(Boolean);
  }

  private async configure(xml: string): Promise<void> {
    const folder = await this.workspace.folder('broker', 'conf');
    await this.workspace.folder('broker', 'data');
    await this.workspace.folder('broker', 'tmp');
    await writeFile(`${folder}/activemq.xml`, xml, { mode: 0o600 });
    await writeFile(`${folder}/log4j.properties`, LOG4J);
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
