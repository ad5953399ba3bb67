import { Body, Controller, Headers, Param, Post, Query, Res } from '@nestjs/common';
import { ApproveDeployment, RejectDeployment } from '@gantry/contracts';
import type { Response } from 'express';
import { ApprovalBody, DeploymentPath, NoQuery } from '../http/requests.js';
import { validated } from '../http/validated.js';
import { answerCommand, type CommandAnswer } from './command-answer.js';
import { CommandDesk } from './command-desk.js';

/** What came with a word on a plan, before anybody looked at it. */
interface Said {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly key: unknown;
}

/** What people say of plans that wait for their consent. */
@Controller('api/v1/deployments')
export class ApprovalCommandsController {
  constructor(private readonly desk: CommandDesk) {}

  /** Agree to the plan with this hash, and to no other. */
  @Post(':id/approve')
  approve(
    @Param() params: unknown,
    @Query() query: unknown,
    @Body() body: unknown,
    @Headers('idempotency-key') key: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CommandAnswer> {
    return this.judge('approve', { params, query, body, key }, response);
  }

  /** Do not agree to it: the deployment ends before it begins. */
  @Post(':id/reject')
  reject(
    @Param() params: unknown,
    @Query() query: unknown,
    @Body() body: unknown,
    @Headers('idempotency-key') key: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CommandAnswer> {
    return this.judge('reject', { params, query, body, key }, response);
  }

  private async judge(
    action: keyof typeof COMMANDS,
    { params, query, body, key }: Said,
    response: Response,
  ): Promise<CommandAnswer> {
    const { id } = validated(DeploymentPath, params, 'path');
    validated(NoQuery, query, 'query');
    const said = validated(ApprovalBody, body, 'body');
    const asked = { route: `POST /deployments/${id}/${action}`, body: said, key };
    const { heard } = await this.desk.take(asked, () => ({
      definition: COMMANDS[action],
      data: { deploymentId: id, ...said },
      subject: `deployment-${id}`,
    }));
    const location = `/api/v1/deployments/${id}`;
    return answerCommand(response, heard, { status: 202, id, location });
  }
}

const COMMANDS = { approve: ApproveDeployment, reject: RejectDeployment } as const;
