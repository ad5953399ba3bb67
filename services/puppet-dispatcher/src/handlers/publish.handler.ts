import { DesiredVersionCommand, PuppetPublishFailed, type Message } from '@gantry/contracts';
import type { RequestTools } from './run.handler.js';

/** As long as hosts allow: writing a file twice does no harm, and a server may be restarting. */
const PUBLISH_WINDOW_MS = 120_000;

type Publish = Message<'puppet.publish.requested'>;

/** Has each Puppet server's publisher put a host's wanted versions in place. */
export class PublishHandler {
  constructor(private readonly tools: RequestTools) {}

  async handle(message: Publish): Promise<void> {
    for (const server of message.data.servers) await this.ask(server, message);
  }

  private async ask(server: Publish['data']['servers'][number], message: Publish): Promise<void> {
    const { requestId: cmdId, host, epoch, seq, versions } = message.data;
    const key = this.tools.keys.find(server, 'publisher');
    if (key === undefined) return this.refuse(server, message);
    await this.tools.sender.send({
      definition: DesiredVersionCommand,
      data: { epoch, seq, server, host, versions },
      host: server,
      keyId: key.keyId,
      role: 'publisher',
      cmdId,
      cause: message,
      expiresInMs: PUBLISH_WINDOW_MS,
    });
  }

  private async refuse(
    server: Publish['data']['servers'][number],
    message: Publish,
  ): Promise<void> {
    const { bus, keys, metrics, log } = this.tools;
    const { requestId, host } = message.data;
    metrics.hostNotEnrolled();
    log.warn('publisher not enrolled', { server });
    const path = keys.pathFor(server, 'publisher');
    const reason = `publisher not enrolled: put the host.pub of ${server}'s publisher at ${path} on the dispatcher, then ask again.`;
    await bus.publish(PuppetPublishFailed, { requestId, host, server, reason }, { cause: message });
  }
}
