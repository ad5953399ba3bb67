import { HostResyncCommand, type Message } from '@gantry/contracts';
import { isLate } from './late-request.js';
import type { RequestTools } from './run.handler.js';

/** As long as hosts allow. A person asks again when it came to nothing. */
const RESYNC_WINDOW_MS = 120_000;

/** Has a listener that lost its journal begin anew: the numbers are the log's, drawn when the person's decision was written. */
export class ResyncHandler {
  constructor(private readonly tools: RequestTools) {}

  async handle(message: Message<'puppet.resync.requested'>): Promise<void> {
    const { keys, sender, metrics, clock, log } = this.tools;
    const { requestId: cmdId, host, epoch, seq, role } = message.data;
    if (isLate(message, RESYNC_WINDOW_MS, clock.now())) {
      metrics.lateRequest();
      log.warn('late request dropped', { host, requestId: cmdId, askedAt: message.time });
      return;
    }
    const key = keys.find(host, role);
    if (key === undefined) {
      metrics.hostNotEnrolled();
      log.warn('host not enrolled', { host, putItsKeyAt: keys.pathFor(host, role) });
      return;
    }
    await sender.send({
      definition: HostResyncCommand,
      data: { epoch, seq },
      host,
      keyId: key.keyId,
      role,
      cmdId,
      cause: message,
      expiresInMs: RESYNC_WINDOW_MS,
    });
  }
}
