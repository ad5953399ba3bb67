import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { GetAuditStatus, ReadEvents } from '@gantry/contracts';
import type { Response } from 'express';
import { DeploymentPath } from '../http/requests.js';
import { validated } from '../http/validated.js';
import { AuditQueries } from '../queries/audit-queries.js';
import { SingleItems } from '../queries/single-items.js';
import { EventPump } from './event-pump.js';
import { SseWriter } from './sse-writer.js';
import { StreamRegistry } from './stream-registry.js';
import { AllEventsQuery, DeploymentEventsQuery, LastEventId } from './streams.requests.js';

/** Server-sent events. */
@Controller('api/v1')
export class StreamsController {
  constructor(
    private readonly registry: StreamRegistry,
    private readonly pump: EventPump,
    private readonly items: SingleItems,
    private readonly queries: AuditQueries,
  ) {}

  /** One deployment: its log from the first event on, its state after changes, its hosts' Puppet lines as they come. */
  @Get('deployments/:id/events')
  async deployment(
    @Param() params: unknown,
    @Query() query: unknown,
    @Headers('last-event-id') lastEventId: unknown,
    @Res() response: Response,
  ): Promise<void> {
    const { id } = validated(DeploymentPath, params, 'path');
    const { after } = validated(DeploymentEventsQuery, query, 'query');
    const resumed = validated(LastEventId, lastEventId, 'header');
    const start = resumed ?? after;
    await this.items.deployment(id);
    await this.assertReadable(start);
    this.registry.assertRoom();
    const entry = this.registry.add(`deployment-${id}`, new SseWriter(response));
    await this.pump.run({ entry, after: start, deployment: id });
  }

  /** The whole log, from now on; `from=start` for all of it. */
  @Get('events')
  async all(
    @Query() query: unknown,
    @Headers('last-event-id') lastEventId: unknown,
    @Res() response: Response,
  ): Promise<void> {
    const { after, from } = validated(AllEventsQuery, query, 'query');
    const given = validated(LastEventId, lastEventId, 'header') ?? after;
    await this.assertReadable(given);
    const start = given ?? (from === 'start' ? undefined : await this.now());
    this.registry.assertRoom();
    const entry = this.registry.add(undefined, new SseWriter(response));
    await this.pump.run({ entry, after: start });
  }

  /** A position nobody can read is refused before the stream opens: within it there is nobody left to tell. */
  private async assertReadable(after: string | undefined): Promise<void> {
    if (after !== undefined) await this.queries.ask(ReadEvents, { after, limit: 1 });
  }

  private async now(): Promise<string | undefined> {
    const { position } = await this.queries.ask(GetAuditStatus, {});
    return position ?? undefined;
  }
}
