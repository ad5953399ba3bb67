import { Body, Controller, Get, Headers, Param, Post, Query, Res } from '@nestjs/common';
import { HoldId, LiftHold, ListHolds, PlaceHold, type QueryReplyOf } from '@gantry/contracts';
import type { Response } from 'express';
import { HoldBody, HoldPath, HoldsQuery, NoQuery, ReasonBody } from '../http/requests.js';
import { validated } from '../http/validated.js';
import { AuditQueries } from '../queries/audit-queries.js';
import { answerCommand, type CommandAnswer } from './command-answer.js';
import { CommandDesk } from './command-desk.js';

/** What people hold back, and let go. */
@Controller('api/v1/holds')
export class HoldCommandsController {
  constructor(
    private readonly desk: CommandDesk,
    private readonly queries: AuditQueries,
  ) {}

  /** Holds, the newest first. */
  @Get()
  holds(@Query() query: unknown): Promise<QueryReplyOf<'audit.holds.list'>> {
    return this.queries.ask(ListHolds, validated(HoldsQuery, query, 'query'));
  }

  /** Place a lock, a freeze, a pin, or stop the line. */
  @Post()
  async place(
    @Query() query: unknown,
    @Body() body: unknown,
    @Headers('idempotency-key') key: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CommandAnswer> {
    validated(NoQuery, query, 'query');
    const wanted = validated(HoldBody, body, 'body');
    const asked = { route: 'POST /holds', body: wanted, key };
    const { heard, newId } = await this.desk.take(asked, (id) => ({
      definition: PlaceHold,
      data: { ...wanted, holdId: HoldId.parse(id) },
      subject: `hold-${id}`,
    }));
    return answerCommand(response, heard, { status: 201, id: newId });
  }

  /** Take it away before its time. */
  @Post(':id/lift')
  async lift(
    @Param() params: unknown,
    @Query() query: unknown,
    @Body() body: unknown,
    @Headers('idempotency-key') key: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CommandAnswer> {
    const { id } = validated(HoldPath, params, 'path');
    validated(NoQuery, query, 'query');
    const { reason } = validated(ReasonBody, body, 'body');
    const asked = { route: `POST /holds/${id}/lift`, body: { reason }, key };
    const { heard } = await this.desk.take(asked, () => ({
      definition: LiftHold,
      data: { holdId: id, reason },
      subject: `hold-${id}`,
    }));
    return answerCommand(response, heard, { status: 202, id });
  }
}
