import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import {
  ApproveDeployment,
  RejectDeployment,
  type CommandReply,
  type Message,
} from '@gantry/contracts';
import { OnRequest } from '@gantry/service-kit';
import { ApprovalHandler } from '../handlers/approval.handler.js';

/** Topic deployment.commands: what people say of plans that wait for their consent. */
@Controller()
export class ApprovalsController {
  constructor(@Inject(ApprovalHandler) private readonly approvals: ApprovalHandler) {}

  @OnRequest(ApproveDeployment)
  approve(@Payload() message: Message<'deployment.approve'>): Promise<CommandReply> {
    return this.approvals.judged(message);
  }

  @OnRequest(RejectDeployment)
  reject(@Payload() message: Message<'deployment.reject'>): Promise<CommandReply> {
    return this.approvals.judged(message);
  }
}
