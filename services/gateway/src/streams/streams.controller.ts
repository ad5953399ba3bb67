import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { GetAuditStatus, ReadEvents } from '@gantry/contracts';
import type { Response } from 'express';
import { DeploymentPath, ReleasePath } from '../http/requests.js';
import { validated } from '../http/validated.js';
import { AuditQueries } from '../queries/audit-queries.js';
import { SingleItems } from '../queries/single-items.js';
import { EventPump, type Following } from './event-pump.js';
import { SseWriter } from './sse-writer.js';
import { StreamRegistry } from './stream-registry.js';
import { AllEventsQuery, LastEventId, OneStreamQuery } from './streams.requests.js';

/** A thing to follow: its stream, from where, and how it stands. */
interface OneStream extends Required<Pick<Following, 'after' | 'view'>> {
  readonly stream: string;
}

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
    const after = startOf(query, lastEventId);
    const view = () => this.items.deployment(id);
    await this.one({ stream: `deployment-${id}`, after, view }, response);
  }

  /** One release: its log from the first event on, and its state after changes. */
  @Get('releases/:id/events')
  async release(
    @Param() params: unknown,
    @Query() query: unknown,
    @Headers('last-event-id') lastEventId: unknown,
    @Res() response: Response,
  ): Promise<void> {
    const { id } = validated(ReleasePath, params, 'path');
    const after = startOf(query, lastEventId);
    const view = () => this.items.release(id);
    await this.one({ stream: `release-${id}`, after, view }, response);
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

  private async one(what: OneStream, response: Response): Promise<void> {
    const { stream, after, view } = what;
    await view();
    await this.assertReadable(after);
    this.registry.assertRoom();
    const entry = this.registry.add(stream, new SseWriter(response));
    await this.pump.run({ entry, after, view });
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

/** The header wins: whoever comes back has seen more than the address says. */
function startOf(query: unknown, lastEventId: unknown): string | undefined {
  const { after } = validated(OneStreamQuery, query, 'query');
  return validated(LastEventId, lastEventId, 'header') ?? after;
}
