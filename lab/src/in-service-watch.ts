import { setTimeout as delay } from 'node:timers/promises';
import { haproxyCommand, parseServersState } from './haproxy-cli.js';

const EVERY_MS = 200;

/** Remembers the lowest number of members in service it ever saw, by asking HAProxy itself. */
export class InServiceWatch {
  private readonly stopping = new AbortController();
  private readonly loop: Promise<void>;
  private lowestSeen = Number.POSITIVE_INFINITY;
  private latest = 0;
  private count = 0;

  constructor(
    private readonly socketPath: string,
    private readonly pool: string,
  ) {
    this.loop = this.watch();
  }

  /** Lowest since the start or the last reset(); infinite before the first sample. */
  get lowest(): number {
    return this.lowestSeen;
  }

  get current(): number {
    return this.latest;
  }

  get samples(): number {
    return this.count;
  }

  /** Forgets what was seen, e.g. the minutes before all members came up. */
  reset(): void {
    this.lowestSeen = Number.POSITIVE_INFINITY;
    this.count = 0;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  // One connection at a time: HAProxy serves ten, and the load balancer controller needs them.
  private async watch(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.sample().catch(() => undefined);
      await delay(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private async sample(): Promise<void> {
    const answer = await haproxyCommand(this.socketPath, `show servers state ${this.pool}`);
    const members = parseServersState(answer);
    if (members.length === 0) return;
    this.latest = members.filter((member) => member.inService).length;
    this.lowestSeen = Math.min(this.lowestSeen, this.latest);
    this.count += 1;
  }
}
