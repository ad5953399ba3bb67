import { HostCommandRefused, type ListenerRole } from '@gantry/contracts';
import type { Refusal } from '../security/refusal.js';
import type { RefusalLog } from '../security/refusal-log.js';
import type { Reply } from './reply-outbox.js';

const MAX_DETAIL = 2_000;

/** Tells of refusals: all are counted, and what a trusted dispatcher signed is told to it. */
export class RefusalDesk {
  constructor(
    private readonly role: ListenerRole,
    private readonly log: Pick<RefusalLog, 'add'>,
    private readonly send: (reply: Reply<typeof HostCommandRefused>) => void,
  ) {}

  add(refusal: Refusal): void {
    this.log.add(refusal);
    const { code, why, detail } = refusal;
    const command = refusal.command ?? refusal.unread;
    if (command === undefined) return;
    const data = {
      role: this.role,
      command: command.type,
      code,
      why,
      detail: detail.slice(0, MAX_DETAIL),
    };
    this.send({ definition: HostCommandRefused, data, context: command.context });
  }
}
