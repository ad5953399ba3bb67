import { HostRunCommand, PuppetRunFinished, type Message } from '@gantry/contracts';
import type { Clock, Log, MessageBus } from '@gantry/service-kit';
import type { DispatcherMetrics } from '../dispatcher-metrics.js';
import type { EnrolledKeys } from '../security/enrolled-keys.js';
import type { CommandSender } from './command-sender.js';
import { isLate } from './late-request.js';

/** What request handlers work with. */
export interface RequestTools {
  readonly bus: MessageBus;
  readonly keys: EnrolledKeys;
  readonly sender: CommandSender;
  readonly metrics: DispatcherMetrics;
  readonly clock: Clock;
  readonly log: Log;
}

/** Sends a host the command to run Puppet; a host that is not enrolled is answered for at once. */
export class RunHandler {
  constructor(private readonly tools: RequestTools) {}

  async handle(message: Message<'puppet.run.requested'>): Promise<void> {
    const { keys, sender, metrics, clock, log } = this.tools;
    const { requestId: cmdId, host, expiresInMs, ...data } = message.data;
    if (isLate(message, expiresInMs, clock.now())) {
      metrics.lateRequest();
      log.warn('late request dropped', { host, requestId: cmdId, askedAt: message.time });
      return;
    }
    const key = keys.find(host, 'agent');
    if (key === undefined) return this.refuse(message);
    await sender.send({
      definition: HostRunCommand,
      data,
      host,
      keyId: key.keyId,
      role: 'agent',
      cmdId,
      cause: message,
      expiresInMs,
    });
  }

  private async refuse(message: Message<'puppet.run.requested'>): Promise<void> {
    const { bus, keys, metrics, clock, log } = this.tools;
    const { requestId, host } = message.data;
    metrics.hostNotEnrolled();
    log.warn('host not enrolled', { host });
    const path = keys.pathFor(host, 'agent');
    const detail = `host not enrolled: put the host.pub of its listener at ${path} on the dispatcher, then ask again.`;
    const outcome = {
      requestId,
      host,
      verdict: { kind: 'not-run' as const, why: 'refused' as const, detail },
      exitCode: null,
      report: null,
      before: [],
      after: [],
      startedAt: null,
      finishedAt: clock.now().toISOString(),
    };
    await bus.publish(PuppetRunFinished, outcome, { cause: message });
  }
}
