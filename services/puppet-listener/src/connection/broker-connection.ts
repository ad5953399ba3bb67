import { setTimeout as sleep } from 'node:timers/promises';
import type { LogFields } from '../host/log.js';
import type { BrokerOptions } from './broker-options.js';
import { dial } from './dial.js';
import { Link } from './link.js';

/** What is done with each new connection, and whom to tell. */
export interface ConnectionOwner {
  readonly purpose: string;
  readonly onLink: (link: Link) => Promise<void>;
  readonly log: (message: string, fields: LogFields) => void;
}

const MIN_PAUSE_MS = 200;
const MAX_PAUSE_MS = 10_000;
const PROVEN_MS = 5_000;

/**
 * A connection that comes back by itself: it walks the list of brokers and waits longer each time, with chance in it, so that a
 * fleet that lost its broker at one moment does not come back at one moment.
 */
export class BrokerConnection {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private live: Link | undefined;
  private next = 0;

  constructor(
    private readonly options: BrokerOptions,
    private readonly owner: ConnectionOwner,
  ) {}

  /** The connection as it is now; undefined while there is none. */
  get link(): Link | undefined {
    return this.live?.alive === true ? this.live : undefined;
  }

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.live?.close();
    // A broker that does not answer must not hold up the end.
    await Promise.race([this.running, sleep(1_000)]);
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stopping.signal.aborted) {
      const begun = Date.now();
      await this.once().catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        this.owner.log('no broker connection', { purpose: this.owner.purpose, reason });
      });
      failures = Date.now() - begun > PROVEN_MS ? 0 : failures + 1;
      const ceiling = Math.min(MAX_PAUSE_MS, MIN_PAUSE_MS * 2 ** Math.min(failures, 10));
      const wait = ceiling / 2 + (Math.random() * ceiling) / 2;
      await sleep(wait, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private async once(): Promise<void> {
    const uris = this.options.uris;
    const uri = uris[this.next++ % uris.length] ?? '';
    const link = new Link(await dial(uri, this.options), uri);
    try {
      if (this.stopping.signal.aborted) return;
      this.live = link;
      await this.owner.onLink(link);
      this.owner.log('broker connected', { purpose: this.owner.purpose, uri });
      const reason = await link.ended;
      this.owner.log('broker connection ended', { purpose: this.owner.purpose, uri, reason });
    } finally {
      link.close();
    }
  }
}
