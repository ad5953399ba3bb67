import { Inject, Injectable } from '@nestjs/common';
import { type CommandReply, type Message, type ServiceName } from '@gantry/contracts';
import { CONFIG, parkedMessages, type ParkedMessage } from '@gantry/service-kit';
import { AttentionDesk } from '../attention/attention-desk.js';
import type { OrchestratorConfig } from '../config.js';
import { aboutBody, parkedKey, serviceOf } from '../parked/parked-item.js';
import { parkedAggregate } from '../streams/record.aggregate.js';
import { StreamRunner } from '../streams/stream-runner.js';
import { causeOf } from './deployment-input.handler.js';

type Command = Message<'parked.replay' | 'parked.drop'>;

/** ActiveMQ shows a browser no more. */
const AT_MOST = 400;

/** A person decides about a parked message: recorded first, then done, then its attention item is closed. */
@Injectable()
export class ParkedHandler {
  constructor(
    @Inject(CONFIG) private readonly config: OrchestratorConfig,
    @Inject(StreamRunner) private readonly runner: StreamRunner,
    @Inject(AttentionDesk) private readonly desk: AttentionDesk,
  ) {}

  async settle(command: Command): Promise<CommandReply> {
    const { key } = command.data;
    const service = serviceOf(key);
    const found = service && (await this.find(service, key));
    if (service === undefined || found === undefined) return notThere(key);
    if (command.type === 'parked.replay' && !isQueueOf(service, found.from)) return nowhere(found);
    await this.record(service, found, command);
    const queue = parkedMessages(this.config, service);
    if (command.type === 'parked.replay') await queue.replay(found.messageId, found.from);
    else await queue.drop(found.messageId);
    const done = command.type === 'parked.replay' ? 'given back to its queue' : 'dropped';
    await this.desk.close(key, `${done} by a person`);
    return { outcome: 'accepted', subject: `parked-${service}` };
  }

  private async find(service: ServiceName, key: string): Promise<ParkedMessage | undefined> {
    const messages = await parkedMessages(this.config, service).list(AT_MOST);
    return messages.find((message) => parkedKey(service, message) === key);
  }

  private async record(
    service: ServiceName,
    found: ParkedMessage,
    command: Command,
  ): Promise<void> {
    await this.runner.run(parkedAggregate, {
      id: service,
      input: {
        ...command.data,
        action: command.type === 'parked.replay' ? 'replay' : 'drop',
        messageType: aboutBody(found.body).type,
        parkedBecause: `${found.code}: ${found.reason}`.slice(0, 1_000),
      },
      cause: causeOf(command),
    });
  }
}

/** Only to the consumer that could not handle it: the others have had their copies. */
const isQueueOf = (service: ServiceName, from: string): boolean =>
  from.startsWith(`/queue/Consumer.${service}.VirtualTopic.gantry.`);

const refusal = { outcome: 'refused' as const, findings: [] };

const notThere = (key: string): CommandReply => ({
  ...refusal,
  status: 'not-found',
  code: 'unknown-parked-message',
  message: `no message is parked under ${key}: it was replayed or dropped already`,
  todo: 'Look at what is parked: gantry parked.',
});

const nowhere = ({ from }: ParkedMessage): CommandReply => ({
  ...refusal,
  status: 'conflict',
  code: 'no-queue-to-replay-to',
  message: `the message came from ${from.slice(0, 200)}, which is no queue of the service that parked it`,
  todo: 'Drop it, or let its sender send it again.',
});
