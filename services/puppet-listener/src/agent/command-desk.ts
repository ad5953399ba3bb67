import {
  HostFactsReported,
  HostRunCommand,
  HostRunFinished,
  HostRunStatus,
  type DataOf,
  type MessageDefinition,
} from '@gantry/contracts';
import type { Received } from '../connection/link.js';
import type { Clock } from '../host/clock.js';
import { log } from '../host/log.js';
import { JournalUnwritableError } from '../journal/journal.js';
import { notRun } from '../puppet/verdict-parts.js';
import type { Reply } from '../reply/reply-outbox.js';
import { isSettled, statusOf } from '../run-state.js';
import type { GateAnswer } from '../security/gate-view.js';
import type { ParsedCommand } from '../security/parse-command.js';
import type { Refusal } from '../security/refusal.js';
import type { RefusalDesk } from '../reply/refusal-desk.js';
import type { ResyncDesk } from '../reply/resync-desk.js';
import type { PuppetHost } from './puppet-host.js';
import type { RunConductor, RunMemory } from './run-conductor.js';

type Taken<A extends ParsedCommand['action']> = Extract<ParsedCommand, { action: A }>;

/** What the desk works with. */
export interface DeskParts {
  readonly check: (message: Received) => GateAnswer;
  readonly memory: RunMemory;
  readonly conductor: Pick<RunConductor, 'enqueue' | 'repeat'>;
  readonly puppet: Pick<PuppetHost, 'facts'> & {
    readonly forgetMetadata: (stream: string) => Promise<void>;
  };
  readonly refusals: Pick<RefusalDesk, 'add'>;
  readonly resync: Pick<ResyncDesk, 'handle'>;
  readonly send: <D extends MessageDefinition>(reply: Reply<D>) => void;
  readonly now: Clock;
}

/** Takes the commands of one host's queue: what the gate lets through is journaled, handed on or answered. */
export class CommandDesk {
  constructor(private readonly parts: DeskParts) {}

  take(message: Received): void {
    const answer = this.parts.check(message);
    if (answer.kind === 'refused') this.refuse(answer);
    if (answer.kind === 'repeat') this.handle(answer.command, true);
    if (answer.kind === 'accepted') this.handle(answer.command, false);
    // After the journal has it: a crash before this line brings the message again.
    message.ack();
  }

  private handle(command: ParsedCommand, repeated: boolean): void {
    switch (command.action) {
      case 'run':
        if (repeated) this.parts.conductor.repeat(command.data.cmdId);
        else this.acceptRun(command);
        break;
      case 'query':
        this.answerQuery(command, repeated);
        break;
      case 'facts':
        if (!repeated) this.parts.memory.note(seen(command));
        void this.answerFacts(command);
        break;
      case 'resync':
        this.parts.resync.handle(command, repeated);
        break;
      case 'desired':
        break;
    }
  }

  private acceptRun(command: Taken<'run'>): void {
    try {
      this.parts.memory.append({
        kind: 'accepted',
        context: command.context,
        command: command.data,
      });
    } catch (error) {
      if (!(error instanceof JournalUnwritableError)) throw error;
      const why = 'journal-unwritable' as const;
      this.refuse({ kind: 'refused', code: why, why, detail: error.message, command });
      return;
    }
    log('info', 'run accepted', { cmdId: command.data.cmdId, noop: command.data.noop });
    this.parts.conductor.enqueue(command.data.cmdId);
  }

  private answerQuery(query: Taken<'query'>, repeated: boolean): void {
    const { data, context } = query;
    const { memory, conductor, send } = this.parts;
    const state = memory.ledger.runs.get(data.about);
    if (state === undefined) {
      if (!this.disown(query)) return;
    } else {
      if (!repeated) memory.note(seen(query));
      conductor.repeat(data.about);
      if (isSettled(state)) return;
    }
    const status = { about: data.about, state: statusOf(state) };
    send({ definition: HostRunStatus, data: status, context });
  }

  /**
   * "Never seen" makes its asker send the run anew under another id, and the first may still be on its way: it is said only once
   * the journal holds that this run will be refused. Unwritten, it is not said; the asker asks again.
   */
  private disown(query: Taken<'query'>): boolean {
    const { memory } = this.parts;
    const { about } = query.data;
    if (memory.ledger.disowned.has(about)) return true;
    try {
      memory.append({ ...seen(query), disowned: about });
      return true;
    } catch (error) {
      if (!(error instanceof JournalUnwritableError)) throw error;
      return false;
    }
  }

  private async answerFacts({ data, context }: Taken<'facts'>): Promise<void> {
    const facts = await this.parts.puppet.facts(data.packages);
    this.parts.send({ definition: HostFactsReported, data: facts, context });
    void this.parts.puppet.forgetMetadata(context.stream);
  }

  /** A signed command that is refused is answered, so that nobody waits for it; everything else is only counted. */
  private refuse(refusal: Refusal): void {
    this.parts.refusals.add(refusal);
    const { why, detail } = refusal;
    const command = refusal.command ?? refusal.unread;
    if (command?.type !== HostRunCommand.type) return;
    const data: Omit<DataOf<typeof HostRunFinished>, keyof DataOf<typeof HostRunStatus>> = {
      verdict: notRun(why, detail),
      exitCode: null,
      report: null,
      before: [],
      after: [],
      startedAt: null,
      finishedAt: this.parts.now().toISOString(),
    };
    this.parts.send({ definition: HostRunFinished, data, context: command.context });
  }
}

const seen = ({ data: { cmdId, seq, epoch } }: Taken<'query' | 'facts'>) =>
  ({ kind: 'seen', cmdId, seq, epoch }) as const;
