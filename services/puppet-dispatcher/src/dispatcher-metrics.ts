import { Counter, type Registry } from 'prom-client';

/** What this service counts besides what every service counts. */
export class DispatcherMetrics {
  private readonly sent: Counter<'type'>;
  private readonly refused: Counter<'reason'>;
  private readonly notEnrolled: Counter;
  private readonly late: Counter;
  private readonly requests: Counter<'reason'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.sent = new Counter({
      name: 'gantry_host_commands_total',
      help: 'Signed commands to hosts the broker confirmed, by type.',
      labelNames: ['type'] as const,
      registers,
    });
    this.refused = new Counter({
      name: 'gantry_host_replies_refused_total',
      help: 'Replies of hosts that were not believed, by reason.',
      labelNames: ['reason'] as const,
      registers,
    });
    this.notEnrolled = new Counter({
      name: 'gantry_hosts_not_enrolled_total',
      help: 'Requests for hosts whose key is not enrolled.',
      registers,
    });
    this.requests = new Counter({
      name: 'gantry_host_requests_refused_total',
      help: 'Requests that were not from the log, or from an owner that was replaced, by reason.',
      labelNames: ['reason'] as const,
      registers,
    });
    this.late = new Counter({
      name: 'gantry_late_requests_total',
      help: 'Requests dropped because nobody counted on them any more.',
      registers,
    });
  }

  commandSent(type: string): void {
    this.sent.inc({ type });
  }

  replyRefused(reason: string): void {
    this.refused.inc({ reason });
  }

  requestRefused(reason: string): void {
    this.requests.inc({ reason });
  }

  lateRequest(): void {
    this.late.inc();
  }

  hostNotEnrolled(): void {
    this.notEnrolled.inc();
  }
}
