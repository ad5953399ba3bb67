import { rename } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { Haproxy } from '@gantry/lab';
import type { DeviceName } from '@gantry/contracts';
import { makeDriver } from '../src/adapters/make-driver.js';
import type { LoadBalancerDriver } from '../src/ports/load-balancer-driver.port.js';
import { realPace } from '../src/ports/pace.port.js';
import { DemoApplication } from './demo-application.js';
import type { DeviceUnderTest, HeldConnection } from './device-under-test.js';

const NAME = 'lb1' as DeviceName;
/** What the lab's HAProxy is configured with. */
const CHECK_INTERVAL_MS = 500;

/** A real HAProxy before three real applications. */
export class HaproxyUnderTest implements DeviceUnderTest {
  readonly name = NAME;
  readonly pace = realPace;
  readonly driver: LoadBalancerDriver;

  private holds = 0;

  private constructor(
    readonly haproxy: Haproxy,
    private readonly applications: readonly DemoApplication[],
  ) {
    this.driver = makeDriver({
      name: NAME,
      driver: 'haproxy',
      socket: haproxy.socketPath,
      checkIntervalMs: CHECK_INTERVAL_MS,
      pollMs: 50,
      reloadGraceMs: 2_000,
    });
  }

  static async start(): Promise<HaproxyUnderTest> {
    const members = ['web1', 'web2', 'web3'];
    const applications = await Promise.all(members.map((name) => DemoApplication.start(name)));
    const servers = applications.map(({ member, port }) => ({
      name: member,
      address: '127.0.0.1',
      port,
    }));
    const haproxy = await Haproxy.start({
      pools: [
        { name: 'web', members: servers },
        { name: 'api', members: servers.slice(0, 2) },
      ],
    });
    await haproxy.waitForInService('web', 3);
    const device = new HaproxyUnderTest(haproxy, applications);
    await device.everybodyWell();
    return device;
  }

  async request(backend: string): Promise<void> {
    const response = await this.get(backend, '/');
    response.resume();
  }

  hits(member: string): number {
    return this.application(member).hits;
  }

  checks(member: string): number {
    return this.application(member).checks;
  }

  async hold(backend: string, member: string): Promise<HeldConnection> {
    for (;;) {
      this.holds += 1;
      const url = `/hold/${this.holds}`;
      const response = await this.get(backend, url);
      let open = true;
      response.on('close', () => (open = false)).on('error', () => undefined);
      response.resume();
      const served = String(response.headers['x-member']);
      const release = (): void => this.application(served).letGo(url);
      if (served === member) return { open: () => open, release };
      release();
    }
  }

  setWell(member: string, well: boolean): void {
    this.application(member).well = well;
  }

  reload(): Promise<void> {
    return this.haproxy.reload();
  }

  unplug(): Promise<void> {
    return rename(this.haproxy.socketPath, `${this.haproxy.socketPath}.gone`);
  }

  plug(): Promise<void> {
    return rename(`${this.haproxy.socketPath}.gone`, this.haproxy.socketPath);
  }

  async close(): Promise<void> {
    await this.haproxy.stop();
    await Promise.all(this.applications.map((application) => application.stop()));
  }

  /** In service is not enough at the start: HAProxy assumes members well before it has checked them. */
  private async everybodyWell(): Promise<void> {
    for (;;) {
      const pools = await Promise.all(['web', 'api'].map((pool) => this.driver.readPool(pool)));
      if (pools.every(({ members }) => members.every(({ inService }) => inService))) return;
      await realPace.sleep(20);
    }
  }

  private application(member: string): DemoApplication {
    const found = this.applications.find((each) => each.member === member);
    if (!found) throw new Error(`no application ${member}`);
    return found;
  }

  private get(backend: string, path: string): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      get(`${this.haproxy.url(backend)}${path}`, { agent: false }, resolve).on('error', reject);
    });
  }
}
