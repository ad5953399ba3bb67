import { Controller, Get, Param, Query } from '@nestjs/common';
import {
  ListAttention,
  ListBuilds,
  ListDeployments,
  ListHosts,
  ListRunning,
  type DeploymentView,
  type QueryReplyOf,
  type RefreshView,
} from '@gantry/contracts';
import {
  AttentionQuery,
  BuildsQuery,
  DeploymentPath,
  DeploymentsQuery,
  NoQuery,
  RefreshPath,
} from '../http/requests.js';
import { validated } from '../http/validated.js';
import { AuditQueries } from './audit-queries.js';
import { SingleItems } from './single-items.js';

/** Everything that is read: audit's views, as they are. */
@Controller('api/v1')
export class ViewsController {
  constructor(
    private readonly queries: AuditQueries,
    private readonly items: SingleItems,
  ) {}

  /** Deployments, the newest first. */
  @Get('deployments')
  deployments(@Query() query: unknown): Promise<QueryReplyOf<'audit.deployments.list'>> {
    const { application, environment, limit } = validated(DeploymentsQuery, query, 'query');
    return this.queries.ask(ListDeployments, {
      limit,
      ...(application === undefined ? {} : { application }),
      ...(environment === undefined ? {} : { environment }),
    });
  }

  /** One deployment. */
  @Get('deployments/:id')
  deployment(@Param() params: unknown, @Query() query: unknown): Promise<DeploymentView> {
    const { id } = validated(DeploymentPath, params, 'path');
    validated(NoQuery, query, 'query');
    return this.items.deployment(id);
  }

  /** One refresh. */
  @Get('refreshes/:id')
  refresh(@Param() params: unknown, @Query() query: unknown): Promise<RefreshView> {
    const { id } = validated(RefreshPath, params, 'path');
    validated(NoQuery, query, 'query');
    return this.items.refresh(id);
  }

  /** Every host. */
  @Get('hosts')
  hosts(@Query() query: unknown): Promise<QueryReplyOf<'audit.hosts.list'>> {
    validated(NoQuery, query, 'query');
    return this.queries.ask(ListHosts, {});
  }

  /** What runs where. */
  @Get('running')
  running(@Query() query: unknown): Promise<QueryReplyOf<'audit.running.list'>> {
    validated(NoQuery, query, 'query');
    return this.queries.ask(ListRunning, {});
  }

  /** Builds seen in the repositories. */
  @Get('builds')
  builds(@Query() query: unknown): Promise<QueryReplyOf<'audit.builds.list'>> {
    const { name, limit } = validated(BuildsQuery, query, 'query');
    return this.queries.ask(ListBuilds, { limit, ...(name === undefined ? {} : { name }) });
  }

  /** Things a person must look at. */
  @Get('attention')
  attention(@Query() query: unknown): Promise<QueryReplyOf<'audit.attention.list'>> {
    return this.queries.ask(ListAttention, validated(AttentionQuery, query, 'query'));
  }
}
