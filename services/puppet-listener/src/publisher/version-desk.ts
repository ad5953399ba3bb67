import { DesiredVersionPublished, DesiredVersionRefused } from '@gantry/contracts';
import type { MessageDefinition } from '@gantry/contracts';
import type { RunMemory } from '../agent/run-conductor.js';
import type { Received } from '../connection/link.js';
import { log } from '../host/log.js';
import type { RefusalDesk } from '../reply/refusal-desk.js';
import type { Reply } from '../reply/reply-outbox.js';
import type { ResyncDesk } from '../reply/resync-desk.js';
import type { GateAnswer } from '../security/gate-view.js';
import type { ParsedCommand } from '../security/parse-command.js';

type Desired = Extract<ParsedCommand, { action: 'desired' }>;

/** What the desk works with. */
export interface VersionDeskParts {
  readonly check: (message: Received) => GateAnswer;
  readonly memory: Pick<RunMemory, 'append'>;
  readonly refusals: Pick<RefusalDesk, 'add'>;
  readonly resync: Pick<ResyncDesk, 'handle'>;
  readonly send: <D extends MessageDefinition>(reply: Reply<D>) => void;
  /** Puts a host's wanted versions where Hiera looks for them. */
  readonly write: (host: string, versions: Desired['data']['versions']) => void;
}

/** Takes wanted versions for the hosts of one Puppet server. */
export class VersionDesk {
  constructor(private readonly parts: VersionDeskParts) {}

  take(message: Received): void {
    const answer = this.parts.check(message);
    if (answer.kind === 'refused') {
      this.parts.refusals.add(answer);
      if (answer.command?.action === 'desired') this.refuse(answer.command, answer.detail);
    }
    if (answer.kind === 'accepted' || answer.kind === 'repeat') this.handle(answer);
    message.ack();
  }

  private handle({ kind, command }: Extract<GateAnswer, { kind: 'accepted' | 'repeat' }>): void {
    if (command.action === 'desired') this.publish(command);
    if (command.action === 'resync') this.parts.resync.handle(command, kind === 'repeat');
  }

  /** The mark goes before the file: after a crash between the two an older message is still refused, and this one comes again. */
  private publish(command: Desired): void {
    const { cmdId, host, seq, epoch, versions } = command.data;
    try {
      const keys = versions.map((version) => version.hieraKey);
      this.parts.memory.append({ kind: 'desired', cmdId, host, keys, seq, epoch });
      this.parts.write(host, versions);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.refuse(command, `${host}.yaml was not written: ${reason}`);
      return;
    }
    log('info', 'versions published', { host, cmdId });
    const data = { subjectHost: host };
    this.parts.send({
      definition: DesiredVersionPublished,
      data,
      context: command.context,
    });
  }

  private refuse({ data, context }: Desired, reason: string): void {
    log('warn', 'versions refused', { host: data.host, cmdId: data.cmdId, reason });
    const reply = { subjectHost: data.host, reason: reason.slice(0, 1_000) };
    this.parts.send({ definition: DesiredVersionRefused, data: reply, context });
  }
}
