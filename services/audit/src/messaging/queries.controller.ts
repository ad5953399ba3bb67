import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import {
  AskWhy,
  GetAuditStatus,
  GetDeployment,
  GetRefresh,
  GetRelease,
  ListAttention,
  ListBuilds,
  ListDeployments,
  ListHolds,
  ListHosts,
  ListReleases,
  ListRunning,
  ReadEvents,
  RebuildReadModels,
  type Message,
  type QueryReplyOf,
} from '@gantry/contracts';
import { OnRequest } from '@gantry/service-kit';
import { LogQueries } from '../queries/log.queries.js';
import { ReadModelQueries } from '../queries/read-model.queries.js';
import { UpkeepQueries } from '../queries/upkeep.queries.js';

/** The queries other services ask over the bus. */
@Controller()
export class QueriesController {
  constructor(
    @Inject(ReadModelQueries) private readonly models: ReadModelQueries,
    @Inject(LogQueries) private readonly log: LogQueries,
    @Inject(UpkeepQueries) private readonly upkeep: UpkeepQueries,
  ) {}

  @OnRequest(ListDeployments)
  deployments(
    @Payload() { data }: Message<'audit.deployments.list'>,
  ): Promise<QueryReplyOf<'audit.deployments.list'>> {
    return this.models.deployments(data);
  }

  @OnRequest(GetDeployment)
  deployment(
    @Payload() { data }: Message<'audit.deployment.get'>,
  ): Promise<QueryReplyOf<'audit.deployment.get'>> {
    return this.models.deployment(data);
  }

  @OnRequest(GetRefresh)
  refresh(
    @Payload() { data }: Message<'audit.refresh.get'>,
  ): Promise<QueryReplyOf<'audit.refresh.get'>> {
    return this.models.refresh(data);
  }

  @OnRequest(ListHosts)
  hosts(
    @Payload() _message: Message<'audit.hosts.list'>,
  ): Promise<QueryReplyOf<'audit.hosts.list'>> {
    return this.models.hosts();
  }

  @OnRequest(ListRunning)
  running(
    @Payload() _message: Message<'audit.running.list'>,
  ): Promise<QueryReplyOf<'audit.running.list'>> {
    return this.models.running();
  }

  @OnRequest(ListBuilds)
  builds(
    @Payload() { data }: Message<'audit.builds.list'>,
  ): Promise<QueryReplyOf<'audit.builds.list'>> {
    return this.models.builds(data);
  }

  @OnRequest(ListReleases)
  releases(
    @Payload() { data }: Message<'audit.releases.list'>,
  ): Promise<QueryReplyOf<'audit.releases.list'>> {
    return this.models.releases(data);
  }

  @OnRequest(GetRelease)
  release(
    @Payload() { data }: Message<'audit.release.get'>,
  ): Promise<QueryReplyOf<'audit.release.get'>> {
    return this.models.release(data);
  }

  @OnRequest(ListHolds)
  holds(
    @Payload() { data }: Message<'audit.holds.list'>,
  ): Promise<QueryReplyOf<'audit.holds.list'>> {
    return this.models.holds(data);
  }

  @OnRequest(AskWhy)
  why(@Payload() { data }: Message<'audit.why.get'>): Promise<QueryReplyOf<'audit.why.get'>> {
    return this.models.why(data);
  }

  @OnRequest(ListAttention)
  attention(
    @Payload() { data }: Message<'audit.attention.list'>,
  ): Promise<QueryReplyOf<'audit.attention.list'>> {
    return this.models.attention(data);
  }

  @OnRequest(ReadEvents)
  events(
    @Payload() { data }: Message<'audit.events.read'>,
  ): Promise<QueryReplyOf<'audit.events.read'>> {
    return this.log.events(data);
  }

  @OnRequest(RebuildReadModels)
  rebuild(
    @Payload() _message: Message<'audit.read-models.rebuild'>,
  ): Promise<QueryReplyOf<'audit.read-models.rebuild'>> {
    return this.upkeep.rebuild();
  }

  @OnRequest(GetAuditStatus)
  status(
    @Payload() _message: Message<'audit.status.get'>,
  ): Promise<QueryReplyOf<'audit.status.get'>> {
    return this.upkeep.status();
  }
}
