import type {
  DataOf,
  GetDeployment,
  GetRefresh,
  ListAttention,
  ListBuilds,
  ListDeployments,
  QueryReplyOf,
} from '@gantry/contracts';
import type { ReadModelReader } from '../persistence/read-model.reader.js';
import type { HostPresenceBook } from '../presence/host-presence.js';
import { deploymentView } from '../projections/deployment.record.js';
import { FLEET_KEY } from '../projections/fleet.projection.js';
import { hostView } from '../projections/host.record.js';
import { runningViews } from './running-views.js';

/** Answers from the read models; each says up to which event it is true. */
export class ReadModelQueries {
  constructor(
    private readonly reader: ReadModelReader,
    private readonly presence: HostPresenceBook,
  ) {}

  deployments({
    application,
    environment,
    limit,
  }: DataOf<typeof ListDeployments>): Promise<QueryReplyOf<'audit.deployments.list'>> {
    return this.reader.read(async (snapshot) => ({
      position: snapshot.position,
      items: [...(await snapshot.deployments({ application, environment, limit }))],
    }));
  }

  deployment({
    deploymentId,
  }: DataOf<typeof GetDeployment>): Promise<QueryReplyOf<'audit.deployment.get'>> {
    return this.reader.read(async (snapshot) => {
      const record = await snapshot.one('deployment', deploymentId);
      const item = record === undefined ? null : deploymentView(record);
      return { position: snapshot.position, item };
    });
  }

  refresh({ refreshId }: DataOf<typeof GetRefresh>): Promise<QueryReplyOf<'audit.refresh.get'>> {
    return this.reader.read(async (snapshot) => ({
      position: snapshot.position,
      item: (await snapshot.one('refresh', refreshId)) ?? null,
    }));
  }

  hosts(): Promise<QueryReplyOf<'audit.hosts.list'>> {
    return this.reader.read(async (snapshot) => {
      const records = await snapshot.all('host');
      const items = records.map((record) => hostView(record, this.presence.of(record.host)));
      return { position: snapshot.position, items };
    });
  }

  running(): Promise<QueryReplyOf<'audit.running.list'>> {
    return this.reader.read(async (snapshot) => ({
      position: snapshot.position,
      items: runningViews({
        fleet: await snapshot.one('fleet', FLEET_KEY),
        hosts: await snapshot.all('host'),
        lastDeployments: await snapshot.lastDeployments(),
      }),
    }));
  }

  builds({ name, limit }: DataOf<typeof ListBuilds>): Promise<QueryReplyOf<'audit.builds.list'>> {
    return this.reader.read(async (snapshot) => ({
      position: snapshot.position,
      items: [...(await snapshot.builds({ name, limit }))],
    }));
  }

  attention(filter: DataOf<typeof ListAttention>): Promise<QueryReplyOf<'audit.attention.list'>> {
    return this.reader.read(async (snapshot) => ({
      position: snapshot.position,
      items: [...(await snapshot.attention(filter))],
    }));
  }
}
