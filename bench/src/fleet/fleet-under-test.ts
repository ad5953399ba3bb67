import { Installation, LISTENER_FOLDER, fleetYaml, type InstallationOptions } from '@gantry/demo';
import type { DeploymentView } from '@gantry/contracts';
import { startLab, waitUntil, type Lab } from '@gantry/lab';

/** The two builds a fleet is taken back and forth between. */
export const VERSIONS = ['1.0.0-1', '1.1.0-1'] as const;
export type Version = (typeof VERSIONS)[number];

type FleetSettings = NonNullable<InstallationOptions['fleet']>;

/** One host out at a time and no canary: what a playbook with `serial: 1` does. */
export const ONE_OUT: FleetSettings = { maxOutOfService: 1, absoluteMin: 3, canaryHosts: 0 };
/** Two hosts out at a time. */
export const TWO_OUT: FleetSettings = {
  maxOutOfService: 2,
  absoluteMin: 2,
  minPercent: 50,
  canaryHosts: 0,
};

const DEADLINE_MS = 600_000;

/** Four real hosts behind HAProxy with all of Gantry, for benches. */
export class FleetUnderTest {
  private constructor(
    readonly lab: Lab,
    readonly installation: Installation,
    private current: Version,
  ) {}

  static async start(
    tell: (line: string) => void,
    puppet: 'real' | 'played' = 'real',
  ): Promise<FleetUnderTest> {
    const lab = await startLab({
      hosts: 4,
      puppet,
      readOnly: [LISTENER_FOLDER],
      onProgress: ({ phase, done, ms }) => {
        if (done) tell(`${phase} ${(ms / 1_000).toFixed(1)} s`);
      },
    });
    try {
      const installation = await Installation.start(lab, { fleet: ONE_OUT });
      const fleet = new FleetUnderTest(lab, installation, VERSIONS[0]);
      await fleet.publish('1.1.0');
      return fleet;
    } catch (error) {
      await lab.stop();
      throw error;
    }
  }

  /** What is not installed now: every deployment goes there. */
  otherVersion(): Version {
    return this.current === VERSIONS[0] ? VERSIONS[1] : VERSIONS[0];
  }

  /** Every host has this version now, however it came there. */
  async isAt(version: Version): Promise<void> {
    for (const host of this.lab.hosts) {
      const installed = await host.installedVersion('shop');
      if (installed !== version) {
        throw new Error(`${host.certname} has shop ${installed ?? 'not'} instead of ${version}`);
      }
    }
    this.current = version;
  }

  /** Deploys with Gantry, from the request to the deployment's end. */
  async deploy(version: Version): Promise<DeploymentView> {
    const { client } = this.installation;
    const answer = await client.requestDeployment({
      application: 'shop',
      environment: 'production',
      evr: version,
      reason: 'a bench',
      accept: ['downgrade'],
    });
    if (answer.id === undefined) throw new Error(`not accepted: ${JSON.stringify(answer)}`);
    const stop = new AbortController();
    const limit = setTimeout(() => stop.abort(), DEADLINE_MS);
    try {
      for await (const item of client.watchDeployment(answer.id, { signal: stop.signal })) {
        if (item.kind !== 'view') continue;
        if (item.view.status === 'succeeded') return item.view;
        if (item.view.endedAt !== null || item.view.status === 'paused') {
          throw new Error(`${version} was not deployed: ${JSON.stringify(item.view)}`);
        }
      }
      throw new Error(`${version} was not deployed within ${DEADLINE_MS / 1_000} s`);
    } finally {
      clearTimeout(limit);
      stop.abort();
    }
  }

  /** Puts other limits in force. */
  async useSettings(settings: FleetSettings): Promise<void> {
    const stop = new AbortController();
    const { client } = this.installation;
    const events = client.watchEvents({ signal: stop.signal });
    const adopted = (async () => {
      for await (const item of events) {
        if (item.kind !== 'log') continue;
        if (item.event.type === 'fleet.adopted') return;
        // Lower minimums are what is measured here.
        if (item.event.type === 'fleet.change-held')
          await client.acceptFleetChange(String(item.event.data['sha256']), 'a bench lowers them');
      }
    })();
    await this.installation.writeFleetFile(fleetYaml(this.lab, settings));
    await adopted;
    stop.abort();
  }

  private async publish(version: string): Promise<void> {
    const { client } = this.installation;
    await this.lab.repository.publish({ version });
    const isSeen = async (): Promise<boolean> =>
      (await client.builds({ name: 'shop' })).items.some(({ evr }) => evr === `${version}-1`);
    await waitUntil(isSeen, {
      deadlineMs: 60_000,
      onTimeout: () => new Error(`build-watcher never saw shop ${version}`),
    });
  }
}
