import { Body, Controller, Headers, Param, Post, Query, Res } from '@nestjs/common';
import {
  CancelDeployment,
  PauseDeployment,
  RequestDeployment,
  ResumeDeployment,
  RollbackDeployment,
  type DeploymentAction,
  DeploymentId,
} from '@gantry/contracts';
import type { Response } from 'express';
import { DeploymentActionPath, DeploymentBody, NoQuery, ReasonBody } from '../http/requests.js';
import { validated } from '../http/validated.js';
import { FreshIds } from '../queries/fresh-ids.js';
import { answerCommand, type CommandAnswer } from './command-answer.js';
import { CommandDesk } from './command-desk.js';

const COMMANDS = {
  pause: PauseDeployment,
  resume: ResumeDeployment,
  cancel: CancelDeployment,
  rollback: RollbackDeployment,
} as const satisfies Record<DeploymentAction, unknown>;

/** Commands to deployments. */
@Controller('api/v1/deployments')
export class DeploymentCommandsController {
  constructor(
    private readonly desk: CommandDesk,
    private readonly fresh: FreshIds,
  ) {}

  /** Ask for a deployment. */
  @Post()
  async request(
    @Body() body: unknown,
    @Query() query: unknown,
    @Headers('idempotency-key') key: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CommandAnswer> {
    validated(NoQuery, query, 'query');
    const wanted = validated(DeploymentBody, body, 'body');
    const { confirmEnvironment, ...rest } = wanted;
    const confirm = confirmEnvironment === undefined ? {} : { confirmEnvironment };
    const asked = { route: 'POST /deployments', body: wanted, key };
    const { heard, newId: id } = await this.desk.take(asked, (newId) => ({
      definition: RequestDeployment,
      data: { ...rest, ...confirm, deploymentId: DeploymentId.parse(newId) },
      subject: `deployment-${newId}`,
    }));
    if (heard.outcome === 'accepted') this.fresh.add(id);
    return answerCommand(response, heard, { status: 201, id, location: locationOf(id) });
  }

  /** Pause, resume, cancel or roll back. */
  @Post(':id/:action')
  async act(
    @Param() params: unknown,
    @Query() query: unknown,
    @Body() body: unknown,
    @Headers('idempotency-key') key: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CommandAnswer> {
    const { id, action } = validated(DeploymentActionPath, params, 'path');
    validated(NoQuery, query, 'query');
    const { reason } = validated(ReasonBody, body, 'body');
    const asked = { route: `POST /deployments/${id}/${action}`, body: { reason }, key };
    const { heard } = await this.desk.take(asked, () => ({
      definition: COMMANDS[action],
      data: { deploymentId: id, reason },
      subject: `deployment-${id}`,
    }));
    return answerCommand(response, heard, { status: 202, id, location: locationOf(id) });
  }
}

const locationOf = (id: string): string => `/api/v1/deployments/${id}`;
