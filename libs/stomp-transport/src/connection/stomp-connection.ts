import { ReplaySubject, distinctUntilChanged, type Observable } from 'rxjs';
import { StompError, messageOf } from '../stomp-error.js';
import type { StompLogger } from '../stomp-logger.js';
import { pause, settledWithin } from '../timing.js';
import { backOffMs } from './back-off.js';
import { parseBrokerUris, type BrokerAddress } from './broker-uri.js';
import type { ConnectionOptions } from './connection-options.js';
import { dial } from './dial.js';
import { StompLink } from './stomp-link.js';

/** Where a connection stands. `closed` is final. */
export type ConnectionStatus = 'connecting' | 'connected' | 'disconnected' | 'closed';

/** What the owner of a connection wants to know. */
export interface ConnectionOwner {
  readonly purpose: 'publish' | 'consume';
  readonly logger: StompLogger;
  /** Called with each new link before it counts as connected; a rejection ends that link. */
  onLink(link: StompLink): Promise<void>;
  onConnected?(link: StompLink): void;
  onLost?(link: StompLink): void;
}

const DEFAULT_RECONNECT = { minMs: 100, maxMs: 5_000 };
/** A link that lived shorter does not reset the back-off: the broker may drop us for what we do right after connecting. */
const PROVEN_MS = 5_000;

/**
 * A connection that comes back: it walks the failover list, backs off with jitter, and gives each new link the next epoch.
 * One purpose each, publish or consume: the broker handles the frames of a connection in order, so an ACK behind a blocked SEND
 * would wait for ever.
 */
export class StompConnection {
  private readonly addresses: readonly BrokerAddress[];
  private readonly stopping = new AbortController();
  private readonly states = new ReplaySubject<ConnectionStatus>(1);
  private position = 0;
  private epochs = 0;
  private running: Promise<void> | undefined;
  private live: StompLink | undefined;
  private lastFailure = 'not opened yet';
  private firstLink: () => void = () => undefined;
  private readonly connectedOnce = new Promise<void>((resolve) => (this.firstLink = resolve));

  constructor(
    private readonly options: ConnectionOptions,
    private readonly owner: ConnectionOwner,
  ) {
    this.addresses = parseBrokerUris(options.uris);
    this.states.next('disconnected');
  }

  get status(): Observable<ConnectionStatus> {
    return this.states.pipe(distinctUntilChanged());
  }

  /** The connected link, if there is one now. */
  get link(): StompLink | undefined {
    return this.live?.alive === true ? this.live : undefined;
  }

  /** Why there is no connection, as far as known; `undefined` when there is one. */
  get problem(): string | undefined {
    return this.link === undefined ? this.lastFailure : undefined;
  }

  /** How many links there have been. */
  get epoch(): number {
    return this.epochs;
  }

  /** Starts connecting, and goes on doing so until `close`. Returns whether it was connected within `waitMs`. */
  async open(waitMs: number): Promise<boolean> {
    if (this.stopping.signal.aborted) {
      throw new StompError('unavailable', 'The connection was closed and cannot be opened again.', {
        code: 'stomp.closed',
      });
    }
    this.running ??= this.run();
    await settledWithin(Promise.race([this.connectedOnce, this.running]), waitMs);
    return this.link !== undefined;
  }

  /** Says DISCONNECT (2 s at most) and never connects again. */
  async close(): Promise<void> {
    this.stopping.abort();
    await this.live?.disconnect();
    await this.running;
    this.states.next('closed');
  }

  private async run(): Promise<void> {
    let attempt = 0;
    while (!this.stopping.signal.aborted) {
      this.states.next('connecting');
      const link = await this.connectAny();
      const livedMs = link === undefined ? 0 : await this.liveThrough(link);
      this.states.next('disconnected');
      attempt = livedMs >= PROVEN_MS ? 1 : attempt + 1;
      await pause(
        backOffMs(attempt, this.options.reconnect ?? DEFAULT_RECONNECT, Math.random),
        this.stopping.signal,
      );
    }
  }

  /** One walk through the failover list, beginning with the address that worked last. */
  private async connectAny(): Promise<StompLink | undefined> {
    for (let tried = 0; tried < this.addresses.length && !this.stopping.signal.aborted; tried++) {
      const address = this.addresses[this.position % this.addresses.length];
      if (address === undefined) return undefined;
      try {
        return await this.connectOne(address);
      } catch (error) {
        this.position += 1;
        this.lastFailure = messageOf(error);
        this.owner.logger.warn('broker connection failed', {
          purpose: this.owner.purpose,
          uri: address.uri,
          reason: messageOf(error),
        });
      }
    }
    return undefined;
  }

  private async connectOne(address: BrokerAddress): Promise<StompLink> {
    const client = await dial(address, this.options, this.stopping.signal);
    this.options.onServer?.(client.headers?.['server']);
    this.epochs += 1;
    const link = new StompLink(client, this.epochs, address.uri);
    const giveUp = (): void => link.destroy();
    this.stopping.signal.addEventListener('abort', giveUp, { once: true });
    try {
      await this.owner.onLink(link);
      return link;
    } catch (error) {
      link.destroy();
      throw error;
    } finally {
      this.stopping.signal.removeEventListener('abort', giveUp);
    }
  }

  private async liveThrough(link: StompLink): Promise<number> {
    const since = Date.now();
    if (this.stopping.signal.aborted) await link.disconnect();
    if (!link.alive) return 0;
    this.live = link;
    this.states.next('connected');
    this.firstLink();
    this.owner.logger.log('broker connected', {
      purpose: this.owner.purpose,
      uri: link.uri,
      epoch: link.epoch,
    });
    this.owner.onConnected?.(link);
    const reason = await link.ended;
    this.lastFailure = reason;
    this.live = undefined;
    this.owner.onLost?.(link);
    if (!this.stopping.signal.aborted) {
      this.owner.logger.warn('broker connection lost', {
        purpose: this.owner.purpose,
        uri: link.uri,
        epoch: link.epoch,
        reason,
      });
    }
    return Date.now() - since;
  }
}
