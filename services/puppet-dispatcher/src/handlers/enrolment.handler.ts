import {
  PuppetHostEnrolled,
  PuppetHostRecovered,
  PuppetHostTroubled,
  type Message,
} from '@gantry/contracts';
import { messageOf } from '@gantry/service-kit';
import { keyOfDer, type EnrolledKey } from '../security/enrolled-keys.js';
import { replyProblem } from '../security/reply-check.js';
import type { Finding } from './host-troubles.js';
import type { ReplyTools } from './reply.handler.js';

type Seen = Message<'host.key.seen'>;

/** What a publisher tells is told again every ten minutes; older words may be a thief's. */
const MAX_AGE_MS = 330_000;

/**
 * Enrols a host by the key that Puppet's own channel shows for it: its facts, which the Puppet server takes from that host only. A
 * host that is known keeps the key it has: another one waits beside it for a person (a host made anew, or somebody who speaks for
 * it). Publishers are never enrolled so: any host could name itself one.
 */
export class EnrolmentHandler {
  constructor(private readonly tools: Omit<ReplyTools, 'quota'>) {}

  async handle(
    message: Seen,
    body: Buffer,
    headers: Readonly<Record<string, string>>,
  ): Promise<void> {
    const { publicKey } = message.data;
    const seen = keyOfDer(publicKey);
    const problem = seen === undefined ? 'no-key' : this.problemOf(message, body, headers);
    if (seen === undefined || problem !== undefined) {
      this.refuse(message, problem ?? 'no-key');
      return;
    }
    await this.compare(message, seen);
  }

  private async compare(message: Seen, seen: EnrolledKey): Promise<void> {
    const { keys } = this.tools;
    const { host, server } = message.data;
    const known = keys.find(host, 'agent');
    if (known?.keyId === seen.keyId) return this.tell(message, 'well', '');
    if (known === undefined && !keys.has(host, 'agent')) return this.enrol(message, seen);
    const path = this.keep(message, seen, 'proposal') ?? 'nowhere: it could not be written';
    const detail = `the facts at ${server} show ${seen.keyId}, enrolled is ${known?.keyId ?? 'a file that is no key'}. The new key is at ${path}`;
    await this.tell(message, 'troubled', detail);
  }

  private problemOf(
    message: Seen,
    body: Buffer,
    headers: Readonly<Record<string, string>>,
  ): string | undefined {
    const { keys, clock } = this.tools;
    const { server, keyId, host } = message.data;
    const problem = replyProblem({ body, headers, host: server, keyId, role: 'publisher' }, keys);
    if (problem !== undefined) return problem;
    if (host.startsWith('publisher.')) return 'no-host';
    const ageMs = clock.now().getTime() - Date.parse(message.time);
    return Math.abs(ageMs) > MAX_AGE_MS ? 'old' : undefined;
  }

  private async enrol(message: Seen, seen: EnrolledKey): Promise<void> {
    const { bus, log } = this.tools;
    const { host, server } = message.data;
    if (this.keep(message, seen, 'enrolled') === undefined) return;
    log.log('host enrolled', { host, keyId: seen.keyId, server });
    const data = { host, role: 'agent', keyId: seen.keyId, server } as const;
    await bus.publish(PuppetHostEnrolled, data, said(message));
  }

  /** A folder that cannot be written is for a person to mend; the publisher tells it again until then. */
  private keep({ data }: Seen, seen: EnrolledKey, as: 'enrolled' | 'proposal'): string | undefined {
    try {
      return this.tools.keys.keep(data.host, seen, as);
    } catch (error) {
      this.tools.log.error('the key of a host was not kept', {
        host: data.host,
        reason: messageOf(error),
      });
      return undefined;
    }
  }

  private async tell(message: Seen, finding: Finding, detail: string): Promise<void> {
    const { bus, troubles, clock } = this.tools;
    const about = { host: message.data.host, role: 'agent', trouble: 'key-changed' } as const;
    if (!troubles.isNews(about, about.trouble, finding, clock.now().getTime())) return;
    if (finding === 'well') await bus.publish(PuppetHostRecovered, about, said(message));
    else await bus.publish(PuppetHostTroubled, { ...about, detail }, said(message));
  }

  private refuse(message: Seen, problem: string): void {
    const { metrics, log, notes } = this.tools;
    const { server, host } = message.data;
    metrics.replyRefused(problem);
    log.warn('enrolment refused', { host, server, problem });
    notes.note({
      ...{ who: `publisher ${server}, by its own word`, from: 'host.replies', what: message.type },
      ...{ code: 'enrolment-refused', why: `${problem}, host ${host}` },
    });
  }
}

const said = (message: Seen) =>
  ({
    subject: `listener-${message.data.host}` as never,
    cause: message,
    actor: 'puppet-dispatcher',
  }) as const;
