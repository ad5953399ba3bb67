import { Installation, LISTENER_FOLDER, type FleetSettings } from '@gantry/demo';
import type { GantryClient } from '@gantry/client';
import { InServiceWatch, type Lab, leftoversOf, SHOP_POOL, startLab, Traffic } from '@gantry/lab';
import { FollowedDeployment } from './followed-deployment.js';
import { noteRuns } from './puppet-runs.js';

/** Three hosts of which two always serve. */
export const HOSTS = 3;
export const MIN_IN_SERVICE = 2;
/** Hosts behind no load balancer: where builds show what they are before production. */
export const APART: readonly string[] = ['cert1', 'stage1'];
/** What the fleet file says beyond the demo's. */
export const FLEET: FleetSettings = { absoluteMin: MIN_IN_SERVICE };

/** The whole of Gantry on a real fleet, its customers, and everything the tests watch it with. */
export class System {
  private readonly followed: FollowedDeployment[] = [];
  /** Command ids that were asked for outside deployments. */
  readonly askedElsewhere = new Set<string>();
  private customers: Traffic | undefined;
  private watch: InServiceWatch | undefined;

  private constructor(
    readonly lab: Lab,
    readonly installation: Installation,
    readonly client: GantryClient,
  ) {}

  static async start(puppet: 'real' | 'played' = 'real'): Promise<System> {
    const lab = await startLab({
      hosts: HOSTS,
      apart: puppet === 'real' ? APART : [],
      readOnly: [LISTENER_FOLDER],
      puppet,
    });
    try {
      // A played Puppet notes its runs by itself, in the same place.
      if (puppet === 'real') await Promise.all(lab.hosts.map(noteRuns));
      const installation = await Installation.start(lab, { fleet: FLEET });
      return new System(lab, installation, installation.client);
    } catch (error) {
      await lab.stop();
      throw error;
    }
  }

  /** Ends everything; names what stayed behind on the machine. */
  async stop(): Promise<readonly string[]> {
    await this.customersLeave();
    await Promise.all(this.followed.map((f) => f.stop()));
    await this.installation.stop();
    await this.lab.stop();
    return leftoversOf(this.lab.workspace);
  }

  get certnames(): readonly string[] {
    return this.lab.hosts.map((h) => h.certname);
  }

  follow(id: string): FollowedDeployment {
    const known = this.followed.find((f) => f.id === id);
    if (known !== undefined) return known;
    const followed = new FollowedDeployment(id, this.client);
    this.followed.push(followed);
    return followed;
  }

  /** Follows also those deployments that somebody asked for by other means, and has seen all of them. */
  async followAll(): Promise<readonly FollowedDeployment[]> {
    const { items } = await this.client.deployments();
    const all = items.map(({ id }) => this.follow(id));
    await Promise.all(all.map((f) => f.untilSeen()));
    return all;
  }

  /** Customers begin to ask, and the number of members in service is watched. */
  customersCome(versions: readonly string[]): void {
    this.customers = new Traffic({ url: this.lab.haproxy.url(SHOP_POOL), versions });
    this.watch = new InServiceWatch(this.lab.haproxy.socketPath, SHOP_POOL);
  }

  get traffic(): Traffic {
    if (this.customers === undefined) throw new Error('no customers: begin with given.customers()');
    return this.customers;
  }

  get lowestInService(): number {
    return this.watch?.lowest ?? Number.NaN;
  }

  async customersLeave(): Promise<void> {
    await Promise.all([this.customers?.stop(), this.watch?.stop()]);
  }
}
