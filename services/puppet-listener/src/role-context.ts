import { mkdirSync } from 'node:fs';
import type { Config } from './config.js';
import { BrokerConnection } from './connection/broker-connection.js';
import type { Link, Queue, Received } from './connection/link.js';
import { log, type LogFields } from './host/log.js';
import { requireOwned } from './host/owned-folder.js';
import { requireSafeStart } from './host/safe-start.js';
import { bootId } from './host/process-identity.js';
import { takeHostLock } from './host/host-lock.js';
import { JournalKeeper } from './journal/journal-keeper.js';
import { hasPast, openJournal, resyncJournal } from './journal/open-journal.js';
import { Presence } from './presence.js';
import { RefusalDesk } from './reply/refusal-desk.js';
import { ReplyOutbox } from './reply/reply-outbox.js';
import { ResyncDesk } from './reply/resync-desk.js';
import { checkCommand } from './security/command-gate.js';
import type { GateAnswer } from './security/gate-view.js';
import { hostKey, type HostKey } from './security/host-key.js';
import { keyDirectory } from './security/key-ring.js';
import { RefusalLog } from './security/refusal-log.js';

/** What both roles stand on: key, journal, two connections, replies, presence. */
export class RoleContext {
  readonly key: HostKey;
  readonly bootId = bootId();
  readonly memory: JournalKeeper;
  readonly outbox: ReplyOutbox;
  readonly refusals: RefusalDesk;
  readonly resync: ResyncDesk;
  private readonly release: () => void;
  private readonly publishing: BrokerConnection;
  private consuming: BrokerConnection | undefined;
  private saidReady = false;
  private presence: Presence | undefined;

  constructor(readonly config: Config) {
    requireSafeStart(config, process.env);
    mkdirSync(config.lockDir, { recursive: true, mode: 0o700 });
    requireOwned(config.lockDir);
    this.release = takeHostLock(config.lockDir, `${config.role}.${config.certname}`);
    const past = hasPast(config.stateDir);
    this.memory = new JournalKeeper(
      () => openJournal(config.stateDir, new Date(), past),
      (numbers) => resyncJournal(config.stateDir, new Date(), numbers).journal,
    );
    this.key = hostKey(config.stateDir);
    if (this.memory.trouble !== undefined)
      log('error', 'every command is refused', { ...this.memory.trouble });
    const { certname } = config;
    this.outbox = new ReplyOutbox(
      { host: certname, key: this.key, bootId: this.bootId },
      () => this.link,
    );
    this.refusals = new RefusalDesk(config.role, new RefusalLog(), (reply) =>
      this.outbox.send(reply),
    );
    this.resync = new ResyncDesk(config.role, this.memory, this.refusals, (reply) =>
      this.outbox.send(reply),
    );
    this.publishing = new BrokerConnection(config.broker, {
      purpose: 'publish',
      onLink: () => Promise.resolve(void this.outbox.pump()),
      log: connectionLog,
    });
  }

  /** The publishing connection, while there is one. */
  get link(): Link | undefined {
    return this.publishing.link;
  }

  /** Checks a received message against everything this host knows. */
  check({ body, headers }: Received): GateAnswer {
    this.memory.mend();
    const { role, certname, dispatcherKeys, policy } = this.config;
    const raw = { body, keyId: headers['x-kid'], signature: headers['x-sig'] };
    return checkCommand(raw, {
      self: { role, certname, keyId: this.key.keyId },
      findKey: keyDirectory(dispatcherKeys),
      ledger: this.memory.ledger,
      trouble: this.memory.trouble,
      policy,
      now: new Date(),
    });
  }

  /** Begins to consume and to say that this listener is alive. */
  serve(
    queue: Queue,
    onMessage: (message: Received) => void,
    busyWith: () => string | undefined,
  ): void {
    this.publishing.start();
    this.consuming = new BrokerConnection(this.config.broker, {
      purpose: 'consume',
      onLink: async (link) => {
        await link.subscribe(queue, onMessage);
        // From here on the queue exists, and commands wait in it even while nobody listens.
        this.sayReady();
      },
      log: connectionLog,
    });
    this.consuming.start();
    this.presence = new Presence(this.config, this.key, this.bootId, busyWith);
    // Alive means able to take commands: publishing alone is not enough.
    this.presence.start(() => (this.consuming?.link === undefined ? undefined : this.link));
  }

  async stop(): Promise<void> {
    this.presence?.stop();
    await this.consuming?.stop();
    await this.publishing.stop();
    this.memory.close();
    this.release();
  }

  private sayReady(): void {
    if (this.saidReady) return;
    this.saidReady = true;
    const { role, certname } = this.config;
    log('info', 'ready', { role, certname, keyId: this.key.keyId });
  }
}

const connectionLog = (message: string, fields: LogFields): void => log('info', message, fields);
