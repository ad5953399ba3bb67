import { Body, Controller, Headers, Param, Post, Query, Res } from '@nestjs/common';
import { ResyncListener } from '@gantry/contracts';
import type { Response } from 'express';
import { HostPath, NoQuery, ResyncBody } from '../http/requests.js';
import { validated } from '../http/validated.js';
import { answerCommand, type CommandAnswer } from './command-answer.js';
import { CommandDesk } from './command-desk.js';

/** Commands about one host’s listener. */
@Controller('api/v1/hosts')
export class HostCommandsController {
  constructor(private readonly desk: CommandDesk) {}

  /** Have a listener that lost its journal begin anew. */
  @Post(':host/resync')
  async resync(
    @Param() params: unknown,
    @Query() query: unknown,
    @Body() body: unknown,
    @Headers('idempotency-key') key: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CommandAnswer> {
    const { host } = validated(HostPath, params, 'path');
    validated(NoQuery, query, 'query');
    const { role, reason } = validated(ResyncBody, body, 'body');
    const route = `POST /hosts/${host}/resync`;
    const { heard } = await this.desk.take({ route, body: { role, reason }, key }, () => ({
      definition: ResyncListener,
      data: { host, role, reason },
      subject: role === 'publisher' ? `listener-publisher.${host}` : `listener-${host}`,
    }));
    return answerCommand(response, heard, { status: 202 });
  }
}
