import type { GantryClient } from '@gantry/client';
import type { DeploymentView, EventView } from '@gantry/contracts';
import { waitUntil } from '@gantry/lab';

const TERMINAL: ReadonlySet<string> = new Set([
  'deployment.refused',
  'deployment.succeeded',
  'deployment.succeeded-with-failures',
  'deployment.failed',
  'deployment.cancelled',
  'deployment.rolled-back',
  'deployment.rollback-failed',
  'deployment.superseded',
  'deployment.expired',
]);
/** Longer than the longest wait of a deployment, a Puppet run on a busy machine included. */
const DEADLINE_MS = 240_000;

/** A deployment whose events and state are collected, through the gateway, from the first on. */
export class FollowedDeployment {
  readonly events: EventView[] = [];
  private latest: DeploymentView | undefined;
  private readonly stopping = new AbortController();
  private readonly reading: Promise<void>;
  private broken: unknown;

  constructor(
    readonly id: string,
    private readonly client: GantryClient,
  ) {
    this.reading = this.read();
  }

  get view(): DeploymentView | undefined {
    return this.latest;
  }

  /** Every event that ends a deployment: there must be one. */
  get endings(): readonly string[] {
    return this.events.map((e) => e.type).filter((type) => TERMINAL.has(type));
  }

  /** Events of a type, of one host when it is named. */
  of(type: string, host?: string): readonly EventView[] {
    return this.events.filter(
      (e) => e.type === type && (host === undefined || e.data['host'] === host),
    );
  }

  /** Waits until something has happened (for the nth time). */
  async until(type: string, host?: string, times = 1): Promise<EventView> {
    await this.wait(() => this.of(type, host).length >= times, `${type} ${host ?? ''}`);
    return this.of(type, host)[times - 1]!;
  }

  /** Waits for a state and shows the deployment in it. */
  async untilStatus(...statuses: readonly string[]): Promise<DeploymentView> {
    await this.wait(
      () => this.latest !== undefined && statuses.includes(this.latest.status),
      statuses.join(' or '),
    );
    return this.latest!;
  }

  /** Waits until everything that has happened so far is here. */
  async untilSeen(): Promise<void> {
    await this.untilVersion((await this.client.deployment(this.id)).version);
  }

  /** Waits until so much has happened. */
  async untilVersion(version: number): Promise<void> {
    await this.wait(() => (this.events.at(-1)?.version ?? 0) >= version, `version ${version}`);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.reading;
  }

  private async wait(probe: () => boolean, what: string): Promise<void> {
    const neverCame = () => new Error(`never came: ${what}.\n${this.story()}`);
    await waitUntil(() => this.broken !== undefined || probe() || this.isOver, {
      deadlineMs: DEADLINE_MS,
      onTimeout: neverCame,
    });
    if (probe()) return;
    if (this.broken === undefined) throw neverCame();
    throw new Error(`could not be followed to ${what}`, { cause: this.broken });
  }

  /** It has ended, and is shown so: nothing more comes. */
  private get isOver(): boolean {
    const version = this.events.at(-1)?.version ?? 0;
    return this.endings.length > 0 && (this.latest?.version ?? 0) >= version;
  }

  private story(): string {
    const hosts = this.latest?.progress.map((h) => `${h.host} ${h.status} ${h.note}`) ?? [];
    const events = this.events.slice(-12).map((e) => `${e.at} ${e.type} ${JSON.stringify(e.data)}`);
    return [this.latest?.status ?? 'never seen', ...hosts, ...events].join('\n').slice(0, 6_000);
  }

  private async read(): Promise<void> {
    const { signal } = this.stopping;
    try {
      for await (const item of this.client.watchDeployment(this.id, { signal })) {
        if (item.kind === 'log') this.events.push(item.event);
        if (item.kind === 'view') this.latest = item.view;
      }
    } catch (error) {
      this.broken = error;
    }
  }
}
