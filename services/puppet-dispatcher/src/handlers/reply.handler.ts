import type { AnyMessage, DataOf, Message } from '@gantry/contracts';
import type { Log, MessageBus, RefusalNotes } from '@gantry/service-kit';
import type { DispatcherMetrics } from '../dispatcher-metrics.js';
import type { EnrolledKeys, ListenerRole } from '../security/enrolled-keys.js';
import { replyProblem } from '../security/reply-check.js';
import type { HostReply } from './observation.js';

/** A reply with the bytes and headers it came with. */
export interface Arrived<R extends HostReply = HostReply> {
  readonly message: R;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a reply becomes for the services. */
export interface Observation<D extends AnyMessage = AnyMessage> {
  readonly definition: D;
  readonly data: DataOf<D>;
}

/** Lets a host's reply into the system once its signature is found good, and only then. */
export class ReplyHandler {
  constructor(
    private readonly bus: MessageBus,
    private readonly keys: EnrolledKeys,
    private readonly metrics: DispatcherMetrics,
    private readonly log: Log,
    private readonly notes: Pick<RefusalNotes, 'note'>,
  ) {}

  async handle<D extends AnyMessage>(arrived: Arrived, observation: Observation<D>): Promise<void> {
    const { message, body, headers } = arrived;
    const { host, keyId, stream } = message.data;
    const problem = replyProblem({ body, headers, host, keyId, role: roleOf(message) }, this.keys);
    if (problem !== undefined) {
      // Anybody who may publish can make these: they are dropped, and what goes on record of them is bounded.
      this.metrics.replyRefused(problem);
      this.log.warn('host reply refused', { host, problem, type: message.type });
      this.notes.note({
        who: `host ${host}, by its own word`,
        from: 'host.replies',
        what: message.type,
        code: 'host-reply-refused',
        why: problem,
      });
      return;
    }
    await this.bus.publish(observation.definition, observation.data, {
      // The same reply sent twice is the same observation.
      id: message.id,
      subject: stream,
      cause: message,
      // A host does not speak for a person, whatever its reply says.
      actor: 'puppet-dispatcher',
    });
  }
}

function roleOf({ type }: Message): ListenerRole {
  return type.startsWith('desired.') ? 'publisher' : 'agent';
}
