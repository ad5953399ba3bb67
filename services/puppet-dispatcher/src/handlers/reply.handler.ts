import { PuppetHostRecovered, PuppetHostTroubled, type ListenerRole } from '@gantry/contracts';
import type { Clock, Log, MessageBus, RefusalNotes } from '@gantry/service-kit';
import type { DispatcherMetrics } from '../dispatcher-metrics.js';
import type { EnrolledKeys } from '../security/enrolled-keys.js';
import { replyProblem } from '../security/reply-check.js';
import type { ReplyQuota } from '../security/reply-quota.js';
import type { HostTroubles, Listener } from './host-troubles.js';
import { observationOf, type HostReply, type Observation } from './observation.js';
import { floodSign, signsOf, type Sign } from './trouble-of-reply.js';

/** A reply with the bytes and headers it came with. */
export interface Arrived<R extends HostReply = HostReply> {
  readonly message: R;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the handler works with. */
export interface ReplyTools {
  readonly bus: MessageBus;
  readonly keys: EnrolledKeys;
  readonly troubles: HostTroubles;
  readonly quota: ReplyQuota;
  readonly metrics: DispatcherMetrics;
  readonly clock: Clock;
  readonly log: Log;
  readonly notes: Pick<RefusalNotes, 'note'>;
}

/** Lets a host's reply into the system once its signature is found good, and only then. */
export class ReplyHandler {
  constructor(private readonly tools: ReplyTools) {}

  async handle(arrived: Arrived): Promise<void> {
    const { keys, quota, metrics, log, clock, notes } = this.tools;
    const { message, body, headers } = arrived;
    const { host, keyId } = message.data;
    const role = roleOf(message);
    const nowMs = clock.now().getTime();
    if (quota.isQuarantined(host, role, nowMs)) {
      metrics.replyRefused('quarantined');
      return;
    }
    const problem = replyProblem({ body, headers, host, keyId, role }, keys);
    if (problem !== undefined) {
      // Anybody who may publish can make these: they are dropped, and what goes on record of them is bounded.
      metrics.replyRefused(problem);
      log.warn('host reply refused', { host, problem, type: message.type });
      notes.note({
        who: `host ${host}, by its own word`,
        from: 'host.replies',
        what: message.type,
        code: 'host-reply-refused',
        why: problem,
      });
      return;
    }
    const quotaLeft = quota.spend(host, role, nowMs);
    const signs = [...floodSign(quotaLeft), ...signsOf(message, clock.now())];
    const observation = quotaLeft === 'flooding' ? undefined : observationOf(message);
    if (observation !== undefined) await this.publish(observation, message);
    for (const sign of signs) await this.tell(sign, { host, role }, message);
  }

  private async publish(observation: Observation, message: HostReply): Promise<void> {
    const { definition, data } = observation;
    // The same reply sent twice is the same observation.
    await this.tools.bus.publish(definition, data, { ...said(message), id: message.id });
  }

  private async tell(sign: Sign, listener: Listener, message: HostReply): Promise<void> {
    const { bus, troubles, clock } = this.tools;
    const { trouble, finding, detail } = sign;
    if (!troubles.isNews(listener, trouble, finding, clock.now().getTime())) return;
    const about = { ...listener, trouble };
    if (finding === 'well') await bus.publish(PuppetHostRecovered, about, said(message));
    else await bus.publish(PuppetHostTroubled, { ...about, detail }, said(message));
  }
}

/** A host does not speak for a person, whatever its reply says. */
const said = (message: HostReply) =>
  ({ subject: message.data.stream, cause: message, actor: 'puppet-dispatcher' }) as const;

function roleOf({ type, data }: HostReply): ListenerRole {
  if ('role' in data) return data.role;
  return type.startsWith('desired.') ? 'publisher' : 'agent';
}
