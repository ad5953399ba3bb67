import type { HostStanding, Message } from '@gantry/contracts';
import { GantryError, type Clock, type Log } from '@gantry/service-kit';
import type { Owners } from '../ports/owners.port.js';
import type { Pace } from '../ports/pace.port.js';
import type { EpochFence } from '../procedures/epoch-fence.js';

/** Orchestrators tell every two seconds. */
const FRESH_MS = 15_000;
/** What waited longer in a socket says nothing of now. Shorter than the broker takes to give a sleeper's work to somebody else. */
const OLD_MS = 30_000;
const LIMIT_MS = 30_000;
/** Traffic reaches a host under work meanwhile. */
const SHORT_MS = 5_000;
const LOOK_MS = 50;

/** What it works with. */
export interface StandingTools {
  readonly pace: Pace;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
}

/**
 * The log's word on hosts. This service owns nothing durable: after a restart, or a sleep in which another replica went on, it hears
 * here which requests count no more, and which hosts are to stay out.
 */
export class Standing implements Owners {
  private heardAtMs = Number.NEGATIVE_INFINITY;
  private hosts: ReadonlyMap<string, HostStanding> = new Map();

  constructor(
    private readonly fence: Pick<EpochFence, 'claim' | 'close'>,
    private readonly tools: StandingTools,
  ) {}

  /** False when it is too old to count. */
  hear({ data, time }: Pick<Message<'lb.standing'>, 'data' | 'time'>): boolean {
    const apartMs = this.tools.clock.now().getTime() - Date.parse(time);
    if (Math.abs(apartMs) > OLD_MS) {
      this.tools.log.warn('what was told of hosts is too old to count, or clocks differ', {
        apartMs,
      });
      return false;
    }
    for (const { host, epoch, standing } of data.hosts) {
      this.fence.claim(host, epoch);
      if (standing === 'in') this.fence.close(host, epoch);
    }
    this.hosts = new Map(data.hosts.map((each) => [each.host, each]));
    this.heardAtMs = this.tools.pace.nowMs();
    return true;
  }

  async known(): Promise<void> {
    if (this.tools.pace.nowMs() - this.heardAtMs > FRESH_MS) await this.heardAnew();
  }

  async asksFor(host: string, epoch: number): Promise<boolean> {
    await this.heardAnew();
    const said = this.hosts.get(host);
    const wanted = said?.standing === 'asked-out' || said?.standing === 'out';
    return wanted && said.epoch === epoch;
  }

  async keepsOut(host: string): Promise<boolean> {
    if (!(await this.hearsWithin(SHORT_MS))) return true;
    return this.hosts.get(host)?.standing === 'out';
  }

  private async heardAnew(): Promise<void> {
    if (!(await this.hearsWithin(LIMIT_MS))) throw ownersUnknown();
  }

  private async hearsWithin(limitMs: number): Promise<boolean> {
    const { pace } = this.tools;
    const sinceMs = pace.nowMs();
    while (this.heardAtMs <= sinceMs) {
      if (pace.nowMs() - sinceMs > limitMs) return false;
      await pace.sleep(LOOK_MS);
    }
    return true;
  }
}

const ownersUnknown = (): GantryError =>
  new GantryError(
    'unavailable',
    'lb.owners-unknown',
    'no orchestrator has told who decides about hosts, so nothing is changed at the load balancer. Check that an orchestrator runs and that its clock agrees with this one.',
  );
