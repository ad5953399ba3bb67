import { topicDestination, type DataOf, type MessageDefinition } from '@gantry/contracts';
import { randomUUID } from 'node:crypto';
import type { Link } from '../connection/link.js';
import { log } from '../host/log.js';
import type { CommandContext } from '../security/command-context.js';
import type { HostKey } from '../security/host-key.js';
import { signedMessage, type SignedMessage } from './reply-signer.js';

type BaseField = 'host' | 'keyId' | 'cmdId' | 'stream' | 'commandHash' | 'bootId' | 'replySeq';

/** A reply to a command; what every reply carries is filled in when it is sent. */
export interface Reply<D extends MessageDefinition = MessageDefinition> {
  readonly definition: D;
  readonly data: Omit<DataOf<D>, BaseField>;
  readonly context: CommandContext;
  /** Called when the broker has confirmed it. */
  readonly confirmed?: () => void;
}

/** Who answers. */
export interface Replier {
  readonly host: string;
  readonly key: HostKey;
  readonly bootId: string;
  /** Seams for specs; default the machine's time and random ids. */
  readonly now?: () => Date;
  readonly newId?: () => string;
}

interface Waiting {
  readonly id: string;
  readonly reply: Reply;
}

const MAX_WAITING = 1_000;

/**
 * Replies on their way to the broker, one after the other, each until the broker has confirmed it. What matters is in the journal
 * too and comes back from there after a restart.
 */
export class ReplyOutbox {
  private readonly waiting: Waiting[] = [];
  private pumping = false;
  private lastSeq = 0;

  constructor(
    private readonly replier: Replier,
    private readonly link: () => Pick<Link, 'confirmed'> | undefined,
  ) {}

  send<D extends MessageDefinition>(reply: Reply<D>): void {
    if (this.waiting.length >= MAX_WAITING) this.waiting.shift();
    const { newId = randomUUID } = this.replier;
    this.waiting.push({ id: newId(), reply: reply });
    void this.pump();
  }

  /** Called when there is a connection again. */
  async pump(): Promise<void> {
    if (this.pumping) return;
    this.pumping = true;
    try {
      for (let next = this.waiting[0]; next !== undefined; next = this.waiting[0]) {
        if (!(await this.deliver(next))) return;
        if (this.waiting[0] === next) this.waiting.shift();
      }
    } finally {
      this.pumping = false;
    }
  }

  private async deliver({ id, reply }: Waiting): Promise<boolean> {
    const link = this.link();
    if (link === undefined) return false;
    const message = this.signed(id, reply);
    if (message === undefined) return true;
    const group = { JMSXGroupID: reply.context.stream, 'x-group': reply.context.stream };
    const destination = topicDestination('host.replies');
    try {
      await link.confirmed(
        'SEND',
        { ...message.headers, ...group, destination, persistent: 'true' },
        message.body,
      );
    } catch (error) {
      log('warn', 'a reply waits for the broker', {
        type: reply.definition.type,
        reason: String(error),
      });
      return false;
    }
    reply.confirmed?.();
    return true;
  }

  private signed(id: string, { definition, data, context }: Reply): SignedMessage | undefined {
    const { host, key, bootId, now = () => new Date() } = this.replier;
    const { cmdId, stream, commandHash, correlationId, causationId, actor } = context;
    // Rises over restarts too, without being stored.
    this.lastSeq = Math.max(this.lastSeq + 1, now().getTime());
    const base = {
      host,
      keyId: key.keyId,
      cmdId,
      stream,
      commandHash,
      bootId,
      replySeq: this.lastSeq,
    };
    const time = now().toISOString();
    const chain = { correlationid: correlationId, causationid: causationId, actor: actor as never };
    try {
      return signedMessage(
        definition,
        { ...data, ...base },
        { id, host, time, subject: stream, ...chain },
        key,
      );
    } catch (error) {
      log('error', 'a reply does not fit its contract and is dropped', {
        type: definition.type,
        cmdId,
        reason: String(error),
      });
      return undefined;
    }
  }
}
