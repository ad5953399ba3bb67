import { HostResynced, type ListenerRole } from '@gantry/contracts';
import { log } from '../host/log.js';
import type { JournalKeeper } from '../journal/journal-keeper.js';
import { JournalUnwritableError } from '../journal/journal.js';
import type { ParsedCommand } from '../security/parse-command.js';
import type { RefusalDesk } from './refusal-desk.js';
import type { Reply } from './reply-outbox.js';

/** Begins a lost journal anew when a signed command says so, and tells it again to whoever asks again. */
export class ResyncDesk {
  constructor(
    private readonly role: ListenerRole,
    private readonly memory: Pick<JournalKeeper, 'resync'>,
    private readonly refusals: Pick<RefusalDesk, 'add'>,
    private readonly send: (reply: Reply<typeof HostResynced>) => void,
  ) {}

  handle(command: Extract<ParsedCommand, { action: 'resync' }>, repeated: boolean): void {
    const { cmdId, seq, epoch } = command.data;
    try {
      if (!repeated) this.memory.resync({ cmdId, seq, epoch });
    } catch (error) {
      if (!(error instanceof JournalUnwritableError)) throw error;
      const why = 'journal-unwritable' as const;
      this.refusals.add({ kind: 'refused', code: why, why, detail: error.message, command });
      return;
    }
    log('info', 'the journal was begun anew', { cmdId, seq, epoch, actor: command.context.actor });
    const data = { role: this.role };
    this.send({ definition: HostResynced, data, context: command.context });
  }
}
