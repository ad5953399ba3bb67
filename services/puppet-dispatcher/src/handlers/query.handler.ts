import { HostQueryCommand, type Message } from '@gantry/contracts';
import type { RequestTools } from './run.handler.js';

/** A query is repeated by its asker; an old one is worth nothing. */
const QUERY_WINDOW_MS = 60_000;

/** Asks a host what became of a command. */
export class QueryHandler {
  constructor(private readonly tools: RequestTools) {}

  async handle(message: Message<'puppet.query.requested'>): Promise<void> {
    const { keys, sender, metrics, log } = this.tools;
    const { requestId: cmdId, host, epoch, seq, commandId: about } = message.data;
    const key = keys.find(host, 'agent');
    if (key === undefined) {
      metrics.hostNotEnrolled();
      log.warn('host not enrolled', { host, putItsKeyAt: keys.pathFor(host, 'agent') });
      return;
    }
    await sender.send({
      definition: HostQueryCommand,
      data: { epoch, seq, about },
      host,
      keyId: key.keyId,
      role: 'agent',
      cmdId,
      cause: message,
      expiresInMs: QUERY_WINDOW_MS,
    });
  }
}
