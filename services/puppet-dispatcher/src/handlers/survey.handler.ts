import { HostFactsCommand, type Message } from '@gantry/contracts';
import { isLate } from './late-request.js';
import type { RequestTools } from './run.handler.js';

/** How many hosts are asked side by side; the publisher waits for the broker's receipts. */
const SIDE_BY_SIDE = 50;

type Survey = Message<'puppet.survey.requested'>;

/** Asks each host of a survey what it has installed. */
export class SurveyHandler {
  constructor(private readonly tools: RequestTools) {}

  async handle(message: Survey): Promise<void> {
    const { hosts, requestId, expiresInMs } = message.data;
    const { metrics, clock, log } = this.tools;
    if (isLate(message, expiresInMs, clock.now())) {
      metrics.lateRequest();
      log.warn('late request dropped', { requestId, askedAt: message.time });
      return;
    }
    for (let at = 0; at < hosts.length; at += SIDE_BY_SIDE) {
      await Promise.all(hosts.slice(at, at + SIDE_BY_SIDE).map((host) => this.ask(host, message)));
    }
  }

  /** There is no "could not ask" answer to a survey: whoever asks takes silence for it. */
  private async ask(host: Survey['data']['hosts'][number], message: Survey): Promise<void> {
    const { keys, sender, metrics, log } = this.tools;
    const { requestId: cmdId, seq, packages, expiresInMs } = message.data;
    const key = keys.find(host, 'agent');
    if (key === undefined) {
      metrics.hostNotEnrolled();
      log.warn('host not enrolled', { host, putItsKeyAt: keys.pathFor(host, 'agent') });
      return;
    }
    await sender.send({
      definition: HostFactsCommand,
      // Reading needs no fence: hosts look at the epoch of runs only.
      data: { epoch: 0, seq, packages },
      host,
      keyId: key.keyId,
      role: 'agent',
      cmdId,
      cause: message,
      expiresInMs,
    });
  }
}
