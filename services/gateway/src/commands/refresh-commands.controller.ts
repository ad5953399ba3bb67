import { Body, Controller, Headers, Post, Query, Res } from '@nestjs/common';
import { RefreshId, RequestRefresh } from '@gantry/contracts';
import type { Response } from 'express';
import { NoQuery, RefreshBody } from '../http/requests.js';
import { validated } from '../http/validated.js';
import { FreshIds } from '../queries/fresh-ids.js';
import { answerCommand, type CommandAnswer } from './command-answer.js';
import { CommandDesk } from './command-desk.js';

/** Puppet runs without a deployment. */
@Controller('api/v1/refreshes')
export class RefreshCommandsController {
  constructor(
    private readonly desk: CommandDesk,
    private readonly fresh: FreshIds,
  ) {}

  /** Ask for a refresh. */
  @Post()
  async request(
    @Body() body: unknown,
    @Query() query: unknown,
    @Headers('idempotency-key') key: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CommandAnswer> {
    validated(NoQuery, query, 'query');
    const wanted = validated(RefreshBody, body, 'body');
    const asked = { route: 'POST /refreshes', body: wanted, key };
    const { heard, newId: id } = await this.desk.take(asked, (newId) => ({
      definition: RequestRefresh,
      data: { ...wanted, refreshId: RefreshId.parse(newId) },
      subject: `refresh-${newId}`,
    }));
    if (heard.outcome === 'accepted') this.fresh.add(id);
    return answerCommand(response, heard, { status: 201, id, location: `/api/v1/refreshes/${id}` });
  }
}
