import { Body, Controller, Headers, Param, Post, Query, Res } from '@nestjs/common';
import {
  AnswerGate,
  PauseRelease,
  ReleaseId,
  ResumeRelease,
  StartRelease,
  StopRelease,
} from '@gantry/contracts';
import type { Response } from 'express';
import {
  GateAnswerBody,
  GateAnswerPath,
  NoQuery,
  ReleaseActionBody,
  ReleaseActionPath,
  ReleaseBody,
} from '../http/requests.js';
import { validated } from '../http/validated.js';
import { FreshIds } from '../queries/fresh-ids.js';
import { answerCommand, type CommandAnswer } from './command-answer.js';
import { CommandDesk } from './command-desk.js';

/** Commands about releases: most travel without any. */
@Controller('api/v1/releases')
export class ReleaseCommandsController {
  constructor(
    private readonly desk: CommandDesk,
    private readonly fresh: FreshIds,
  ) {}

  /** Send a build on its way. */
  @Post()
  async start(
    @Query() query: unknown,
    @Body() body: unknown,
    @Headers('idempotency-key') key: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CommandAnswer> {
    validated(NoQuery, query, 'query');
    const wanted = validated(ReleaseBody, body, 'body');
    const asked = { route: 'POST /releases', body: wanted, key };
    const { heard, newId } = await this.desk.take(asked, (id) => ({
      definition: StartRelease,
      data: { ...wanted, releaseId: ReleaseId.parse(id) },
      subject: `release-${id}`,
    }));
    this.fresh.add(newId);
    return answerCommand(response, heard, { status: 201, id: newId, location: locationOf(newId) });
  }

  /** A person's answer to a gate that asks a person. */
  @Post(':id/gates/:gate/answer')
  async answer(
    @Param() params: unknown,
    @Query() query: unknown,
    @Body() body: unknown,
    @Headers('idempotency-key') key: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CommandAnswer> {
    const { id, gate } = validated(GateAnswerPath, params, 'path');
    validated(NoQuery, query, 'query');
    const said = validated(GateAnswerBody, body, 'body');
    const asked = { route: `POST /releases/${id}/gates/${gate}/answer`, body: said, key };
    const { heard } = await this.desk.take(asked, () => ({
      definition: AnswerGate,
      data: { ...said, releaseId: id, gate },
      subject: `release-${id}`,
    }));
    return answerCommand(response, heard, { status: 202, id, location: locationOf(id) });
  }

  /** Stop, pause or resume. */
  @Post(':id/:action')
  async act(
    @Param() params: unknown,
    @Query() query: unknown,
    @Body() body: unknown,
    @Headers('idempotency-key') key: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CommandAnswer> {
    const { id, action } = validated(ReleaseActionPath, params, 'path');
    validated(NoQuery, query, 'query');
    const { reason, how } = validated(ReleaseActionBody, body, 'body');
    const asked = { route: `POST /releases/${id}/${action}`, body: { reason, how }, key };
    const subject = `release-${id}`;
    const { heard } = await (action === 'resume'
      ? this.desk.take(asked, () => ({
          definition: ResumeRelease,
          data: { releaseId: id, reason, how },
          subject,
        }))
      : this.desk.take(asked, () => ({
          definition: action === 'stop' ? StopRelease : PauseRelease,
          data: { releaseId: id, reason },
          subject,
        })));
    return answerCommand(response, heard, { status: 202, id, location: locationOf(id) });
  }
}

const locationOf = (id: string): string => `/api/v1/releases/${id}`;
