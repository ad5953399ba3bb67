import { Controller, Get, Param, Query } from '@nestjs/common';
import { AskWhy, ListReleases, type QueryReplyOf, type ReleaseView } from '@gantry/contracts';
import { NoQuery, ReleasePath, ReleasesQuery, WhyQuery } from '../http/requests.js';
import { validated } from '../http/validated.js';
import { AuditQueries } from './audit-queries.js';
import { SingleItems } from './single-items.js';

/** Builds on their way, and why one is not where somebody wants it. */
@Controller('api/v1')
export class ReleasesController {
  constructor(
    private readonly queries: AuditQueries,
    private readonly items: SingleItems,
  ) {}

  /** Releases, the newest first. */
  @Get('releases')
  releases(@Query() query: unknown): Promise<QueryReplyOf<'audit.releases.list'>> {
    const { pipeline, limit } = validated(ReleasesQuery, query, 'query');
    const filter = pipeline === undefined ? {} : { pipeline };
    return this.queries.ask(ListReleases, { limit, ...filter });
  }

  /** One release. */
  @Get('releases/:id')
  release(@Param() params: unknown, @Query() query: unknown): Promise<ReleaseView> {
    const { id } = validated(ReleasePath, params, 'path');
    validated(NoQuery, query, 'query');
    return this.items.release(id);
  }

  /** Why a build is, or is not, deployed. */
  @Get('why')
  why(@Query() query: unknown): Promise<QueryReplyOf<'audit.why.get'>> {
    return this.queries.ask(AskWhy, validated(WhyQuery, query, 'query'));
  }
}
