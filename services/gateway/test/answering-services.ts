import { Injectable, Controller, Inject, Module } from '@nestjs/common';
import {
  GetDeployment,
  ReadEvents,
  RequestDeployment,
  type CommandReply,
  type Message,
  type QueryReplyOf,
} from '@gantry/contracts';
import { OnRequest } from '@gantry/service-kit';
import { deploymentView, eventView } from './views.js';

/** What the services behind the bus know, and what they were told. */
@Injectable()
export class Known {
  readonly commands: Message<'deployment.request'>[] = [];
  /** Events of each deployment's stream. */
  readonly events = new Map<string, number>();
}

/** Answers as orchestrator and audit would. */
@Controller()
class AnsweringController {
  constructor(@Inject(Known) private readonly known: Known) {}

  @OnRequest(RequestDeployment)
  request(message: Message<'deployment.request'>): Promise<CommandReply> {
    this.known.commands.push(message);
    this.known.events.set(message.data.deploymentId, 1);
    return Promise.resolve({ outcome: 'accepted', subject: message.subject ?? '' });
  }

  @OnRequest(GetDeployment)
  deployment({
    data: { deploymentId: id },
  }: Message<'audit.deployment.get'>): Promise<QueryReplyOf<'audit.deployment.get'>> {
    const version = this.known.events.get(id);
    const item = version === undefined ? null : deploymentView(id, { version });
    return Promise.resolve({ position: null, item } as QueryReplyOf<'audit.deployment.get'>);
  }

  @OnRequest(ReadEvents)
  read({ data }: Message<'audit.events.read'>): Promise<QueryReplyOf<'audit.events.read'>> {
    const id = (data.stream ?? '').replace('deployment-', '');
    const count = this.known.events.get(id) ?? 0;
    const items = Array.from({ length: count }, (_, i) => eventView(id, i + 1));
    return Promise.resolve({ position: null, items: items.slice(Number(data.after ?? 0)) });
  }
}

/** Stands for the services behind the bus. */
@Module({ controllers: [AnsweringController], providers: [Known] })
export class AnsweringModule {}
