import { Body, Controller, Headers, Param, Post, Query, Res } from '@nestjs/common';
import { DropParked, ReplayParked } from '@gantry/contracts';
import type { Response } from 'express';
import { NoQuery, ParkedPath, ReasonBody } from '../http/requests.js';
import { validated } from '../http/validated.js';
import { answerCommand, type CommandAnswer } from './command-answer.js';
import { CommandDesk } from './command-desk.js';

/** Commands about messages that a service could not handle; they are listed among the attention items. */
@Controller('api/v1/parked')
export class ParkedCommandsController {
  constructor(private readonly desk: CommandDesk) {}

  /** Give it back to its queue, or take it away. */
  @Post(':key/:action')
  async settle(
    @Param() params: unknown,
    @Query() query: unknown,
    @Body() body: unknown,
    @Headers('idempotency-key') key: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CommandAnswer> {
    const parked = validated(ParkedPath, params, 'path');
    validated(NoQuery, query, 'query');
    const { reason } = validated(ReasonBody, body, 'body');
    const route = `POST /parked/${parked.key}/${parked.action}`;
    const { heard } = await this.desk.take({ route, body: { reason }, key }, () => ({
      definition: parked.action === 'replay' ? ReplayParked : DropParked,
      data: { key: parked.key, reason },
      subject: `parked-${parked.key.split('.')[1] ?? ''}`,
    }));
    return answerCommand(response, heard, { status: 202 });
  }
}
