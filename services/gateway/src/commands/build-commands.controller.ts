import { Body, Controller, Headers, Param, Post, Query, Res } from '@nestjs/common';
import { buildKey, LiftQuarantine } from '@gantry/contracts';
import type { Response } from 'express';
import { BuildPath, NoQuery, ReasonBody } from '../http/requests.js';
import { validated } from '../http/validated.js';
import { answerCommand, type CommandAnswer } from './command-answer.js';
import { CommandDesk } from './command-desk.js';

/** Commands to builds. */
@Controller('api/v1/builds')
export class BuildCommandsController {
  constructor(private readonly desk: CommandDesk) {}

  /** Allow a quarantined build again. */
  @Post(':name/:evr/lift-quarantine')
  async liftQuarantine(
    @Param() params: unknown,
    @Query() query: unknown,
    @Body() body: unknown,
    @Headers('idempotency-key') key: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CommandAnswer> {
    const { name, evr } = validated(BuildPath, params, 'path');
    validated(NoQuery, query, 'query');
    const { reason } = validated(ReasonBody, body, 'body');
    const route = `POST /builds/${name}/${evr}/lift-quarantine`;
    const { heard } = await this.desk.take({ route, body: { reason }, key }, () => ({
      definition: LiftQuarantine,
      data: { name, evr, reason },
      subject: `build-${buildKey(name, evr)}`,
    }));
    return answerCommand(response, heard, { status: 202 });
  }
}
