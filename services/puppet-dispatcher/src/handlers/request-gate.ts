import type { Message } from '@gantry/contracts';
import type { Log, RefusalNotes } from '@gantry/service-kit';
import type { DispatcherMetrics } from '../dispatcher-metrics.js';

/** What asks something of hosts. */
export type HostRequest = Message<
  | 'puppet.survey.requested'
  | 'puppet.publish.requested'
  | 'puppet.run.requested'
  | 'puppet.query.requested'
  | 'puppet.resync.requested'
>;

type Problem = 'not-from-the-log' | 'old-epoch';
const MAX_HOSTS = 20_000;

/**
 * Lets a request through that the log tells of, and that comes from a host's newest owner. The relay publishes events, and an event
 * has its place in its stream and in the feed; what has none was never decided. An owner that slept while another took its host
 * has a lower epoch. Dropped without an answer: "it did not run" may be untrue of a request that was here before.
 */
export class RequestGate {
  private readonly highest = new Map<string, number>();

  constructor(
    private readonly metrics: Pick<DispatcherMetrics, 'requestRefused'>,
    private readonly log: Pick<Log, 'warn'>,
    private readonly notes: Pick<RefusalNotes, 'note'>,
  ) {}

  async pass<M extends HostRequest>(
    message: M,
    handle: (message: M) => Promise<void>,
  ): Promise<void> {
    const problem = this.problemOf(message);
    if (problem === undefined) return handle(message);
    const { type, subject, source } = message;
    this.metrics.requestRefused(problem);
    this.log.warn('request refused', { type, subject, problem });
    this.notes.note({
      ...{ who: source, from: 'puppet.requests', what: type },
      ...{ code: 'host-request-refused', why: `${problem}, subject ${subject ?? 'none'}` },
    });
  }

  private problemOf(message: HostRequest): Problem | undefined {
    if (message.position === undefined || message.streamversion === undefined)
      return 'not-from-the-log';
    // Reading needs no owner: a survey has none, and asking the journal changes nothing.
    if (message.type === 'puppet.survey.requested' || message.type === 'puppet.query.requested')
      return undefined;
    return this.isBehind(message.data) ? 'old-epoch' : undefined;
  }

  private isBehind({ host, epoch }: { readonly host: string; readonly epoch: number }): boolean {
    const known = this.highest.get(host) ?? 0;
    if (epoch < known) return true;
    this.highest.delete(host);
    this.highest.set(host, epoch);
    const [oldest] = this.highest.keys();
    if (this.highest.size > MAX_HOSTS && oldest !== undefined) this.highest.delete(oldest);
    return false;
  }
}
