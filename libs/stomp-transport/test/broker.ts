import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { pause } from '../src/timing.js';
import { LOG4J, brokerXml, type BrokerLimits } from './support/broker-config.js';
import { makeCertificates, type Certificates } from './support/certificates.js';

const ACTIVEMQ_JAR = process.env['ACTIVEMQ_JAR'] ?? '/usr/share/activemq/bin/activemq.jar';
const OPENED = ['security', 'net', 'lang', 'util', 'util.concurrent', 'util.concurrent.atomic'];
const START_LIMIT_MS = 30_000;

/** A real ActiveMQ on loopback: its own ports, its own data, gone after `remove`. */
export class TestBroker {
  private process: ChildProcess | undefined;

  private constructor(
    private readonly dir: string,
    readonly port: number,
    readonly tlsPort: number,
    readonly certificates: Certificates,
  ) {}

  static async start(limits: BrokerLimits = {}): Promise<TestBroker> {
    const broker = await TestBroker.prepared(limits);
    await broker.launch();
    return broker;
  }

  /** Another broker on this one's store: it opens its port when this one is gone. */
  async standby(): Promise<TestBroker> {
    const broker = await TestBroker.prepared({ store: path.join(this.dir, 'data', 'kahadb') });
    broker.begin();
    return broker;
  }

  private static async prepared(limits: BrokerLimits): Promise<TestBroker> {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'stomp-broker-'));
    fs.mkdirSync(path.join(dir, 'conf'));
    const certificates = makeCertificates(path.join(dir, 'conf'));
    const broker = new TestBroker(dir, await freePort(), await freePort(), certificates);
    fs.writeFileSync(path.join(dir, 'conf', 'log4j.properties'), LOG4J);
    fs.writeFileSync(
      path.join(dir, 'conf', 'activemq.xml'),
      brokerXml(dir, broker.port, broker.tlsPort, limits),
    );
    return broker;
  }

  get uri(): string {
    return `stomp://127.0.0.1:${this.port}`;
  }

  get tlsUri(): string {
    return `stomp+ssl://localhost:${this.tlsPort}`;
  }

  /** Starts it again on the same ports and data. */
  async launch(): Promise<void> {
    this.begin();
    await this.answering();
  }

  /** What the broker wrote so far. */
  get log(): string {
    return fs.readFileSync(path.join(this.dir, 'broker.log'), 'utf8');
  }

  private begin(): void {
    const { dir } = this;
    const opens = OPENED.flatMap((name) => ['--add-opens', `java.base/java.${name}=ALL-UNNAMED`]);
    const settings = [
      `classpath=${dir}/conf`,
      'home=/usr/share/activemq',
      `base=${dir}`,
      `conf=${dir}/conf`,
      `data=${dir}/data`,
    ];
    const log = fs.openSync(path.join(dir, 'broker.log'), 'a');
    this.process = spawn(
      'java',
      [
        '-Xms64m',
        '-Xmx256m',
        '-XX:TieredStopAtLevel=1',
        '-Xshare:auto',
        ...opens,
        ...settings.map((setting) => `-Dactivemq.${setting}`),
        `-Djava.io.tmpdir=${dir}`,
        '-jar',
        ACTIVEMQ_JAR,
        'start',
        `xbean:file:${dir}/conf/activemq.xml`,
      ],
      { stdio: ['ignore', log, log] },
    );
    fs.closeSync(log);
    const spawned = this.process;
    process.once('exit', () => spawned.kill('SIGKILL'));
  }

  async stop(): Promise<void> {
    await this.kill('SIGTERM');
  }

  async kill9(): Promise<void> {
    await this.kill('SIGKILL');
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.launch();
  }

  async remove(): Promise<void> {
    await this.kill('SIGKILL');
    fs.rmSync(this.dir, { recursive: true, force: true });
  }

  private async kill(signal: NodeJS.Signals): Promise<void> {
    const running = this.process;
    this.process = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const exited = once(running, 'exit');
    running.kill(signal);
    await exited;
  }

  private async answering(): Promise<void> {
    const until = Date.now() + START_LIMIT_MS;
    while (Date.now() < until && this.process?.exitCode === null) {
      if ((await accepts(this.port)) && (await accepts(this.tlsPort))) return;
      await pause(25);
    }
    throw new Error(`The broker did not start:\n${this.log.slice(-2_000)}`);
  }
}

/** A port nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    const answer = (yes: boolean) => () => {
      socket.destroy();
      resolve(yes);
    };
    socket.once('connect', answer(true)).once('error', answer(false));
  });
}
