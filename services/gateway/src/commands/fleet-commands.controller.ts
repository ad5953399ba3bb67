import { Body, Controller, Headers, Param, Post, Query, Res } from '@nestjs/common';
import { AcceptFleetChange } from '@gantry/contracts';
import type { Response } from 'express';
import { FleetChangePath, NoQuery, ReasonBody } from '../http/requests.js';
import { validated } from '../http/validated.js';
import { answerCommand, type CommandAnswer } from './command-answer.js';
import { CommandDesk } from './command-desk.js';

/** Fleet changes that take away so much that a person must accept them. */
@Controller('api/v1/fleet/changes')
export class FleetCommandsController {
  constructor(private readonly desk: CommandDesk) {}

  /** Let the held change with this hash come into force. */
  @Post(':sha256/accept')
  async accept(
    @Param() params: unknown,
    @Query() query: unknown,
    @Body() body: unknown,
    @Headers('idempotency-key') key: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CommandAnswer> {
    const { sha256 } = validated(FleetChangePath, params, 'path');
    validated(NoQuery, query, 'query');
    const { reason } = validated(ReasonBody, body, 'body');
    const route = `POST /fleet/changes/${sha256}/accept`;
    const { heard } = await this.desk.take({ route, body: { reason }, key }, () => ({
      definition: AcceptFleetChange,
      data: { sha256, reason },
      subject: 'fleet-main',
    }));
    return answerCommand(response, heard, { status: 202 });
  }
}
