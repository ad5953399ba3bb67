import { Body, Controller, Headers, Param, Post, Query, Res } from '@nestjs/common';
import { ChangeLimits, RetryHost, SkipHost, type HostAction } from '@gantry/contracts';
import type { Response } from 'express';
import {
  DeploymentPath,
  HostActionPath,
  LimitsBody,
  NoQuery,
  ReasonBody,
} from '../http/requests.js';
import { validated } from '../http/validated.js';
import { answerCommand, type CommandAnswer } from './command-answer.js';
import { CommandDesk } from './command-desk.js';

const COMMANDS = { skip: SkipHost, retry: RetryHost } as const satisfies Record<
  HostAction,
  unknown
>;

/** Commands to a deployment that goes on: to one of its hosts, or to how many may be out. Before `:id/:action` of the others. */
@Controller('api/v1/deployments')
export class DeploymentControlController {
  constructor(private readonly desk: CommandDesk) {}

  /** Skip a host, or give it another turn. */
  @Post(':id/hosts/:host/:action')
  async actOnHost(
    @Param() params: unknown,
    @Query() query: unknown,
    @Body() body: unknown,
    @Headers('idempotency-key') key: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CommandAnswer> {
    const { id, host, action } = validated(HostActionPath, params, 'path');
    validated(NoQuery, query, 'query');
    const { reason } = validated(ReasonBody, body, 'body');
    const asked = { route: `POST /deployments/${id}/hosts/${host}/${action}`, body: reason, key };
    const { heard } = await this.desk.take(asked, () => ({
      definition: COMMANDS[action],
      data: { deploymentId: id, host, reason },
      subject: `deployment-${id}`,
    }));
    return answerCommand(response, heard, { status: 202, id, location: locationOf(id) });
  }

  /** Change how many may be out, or how many failures are put up with. */
  @Post(':id/limits')
  async changeLimits(
    @Param() params: unknown,
    @Query() query: unknown,
    @Body() body: unknown,
    @Headers('idempotency-key') key: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CommandAnswer> {
    const { id } = validated(DeploymentPath, params, 'path');
    validated(NoQuery, query, 'query');
    const wanted = validated(LimitsBody, body, 'body');
    const asked = { route: `POST /deployments/${id}/limits`, body: wanted, key };
    const { heard } = await this.desk.take(asked, () => ({
      definition: ChangeLimits,
      data: { ...wanted, deploymentId: id },
      subject: `deployment-${id}`,
    }));
    return answerCommand(response, heard, { status: 202, id, location: locationOf(id) });
  }
}

const locationOf = (id: string): string => `/api/v1/deployments/${id}`;
