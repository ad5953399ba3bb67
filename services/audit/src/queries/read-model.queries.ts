import { buildKey, PackageName } from '@gantry/contracts';
import { whyDeployed } from '@gantry/domain';
import type {
  AskWhy,
  DataOf,
  GetDeployment,
  GetRefresh,
  GetRelease,
  ListAttention,
  ListBuilds,
  ListDeployments,
  ListReleases,
  ListHolds,
  QueryReplyOf,
} from '@gantry/contracts';
import type { ReadModelReader } from '../persistence/read-model.reader.js';
import type { HostPresenceBook } from '../presence/host-presence.js';
import { deploymentView } from '../projections/deployment.record.js';
import { FLEET_KEY, type FleetRecord } from '../projections/fleet.projection.js';
import { hostView } from '../projections/host.record.js';
import { releaseViews } from './release-views.js';
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

  releases({
    pipeline,
    limit,
  }: DataOf<typeof ListReleases>): Promise<QueryReplyOf<'audit.releases.list'>> {
    return this.reader.read(async (snapshot) => ({
      position: snapshot.position,
      items: await releaseViews(snapshot, await snapshot.releases({ pipeline, limit })),
    }));
  }

  release({ releaseId }: DataOf<typeof GetRelease>): Promise<QueryReplyOf<'audit.release.get'>> {
    return this.reader.read(async (snapshot) => {
      const record = await snapshot.one('release', releaseId);
      const [item = null] = await releaseViews(snapshot, record === undefined ? [] : [record]);
      return { position: snapshot.position, item };
    });
  }

  holds(filter: DataOf<typeof ListHolds>): Promise<QueryReplyOf<'audit.holds.list'>> {
    return this.reader.read(async (snapshot) => ({
      position: snapshot.position,
      items: [...(await snapshot.holds(filter))],
    }));
  }

  /** From what the log says now of the build, its release, its deployments and the versions that run. */
  why({ application, evr }: DataOf<typeof AskWhy>): Promise<QueryReplyOf<'audit.why.get'>> {
    return this.reader.read(async (snapshot) => {
      const fleet = await snapshot.one('fleet', FLEET_KEY);
      const [hosts, lastDeployments] = [
        await snapshot.all('host'),
        await snapshot.lastDeployments(),
      ];
      const names = fleet?.packages[application] ?? [];
      const builds = await Promise.all(
        names.map((name) => snapshot.one('build', buildKey(PackageName.parse(name), evr))),
      );
      const pipeline = Object.entries(fleet?.pipelines ?? {}).find(([, p]) =>
        p.applications.includes(application),
      )?.[0];
      const releases =
        pipeline === undefined ? [] : await snapshot.releases({ pipeline, limit: WHY_RELEASES });
      const deployments = await snapshot.deployments({
        application,
        environment: undefined,
        limit: WHY_DEPLOYMENTS,
      });
      return {
        position: snapshot.position,
        items: [
          ...whyDeployed({
            ...{ application, evr, pipeline },
            releases: await releaseViews(snapshot, releases),
            environments: placesOf(fleet, application),
            builds: names.map((name, n) => ({ name, build: builds[n] })),
            deployments: deployments.filter((d) => d.evr === evr),
            running: runningViews({ fleet, hosts, lastDeployments }).filter(
              (r) => r.application === application,
            ),
          }),
        ],
      };
    });
  }

  attention(filter: DataOf<typeof ListAttention>): Promise<QueryReplyOf<'audit.attention.list'>> {
    return this.reader.read(async (snapshot) => ({
      position: snapshot.position,
      items: [...(await snapshot.attention(filter))],
    }));
  }
}

/** So many of the newest are looked through for an answer. */
const WHY_RELEASES = 200;
const WHY_DEPLOYMENTS = 500;

/** Environments of an application: in its pipeline's order, then the others. */
function placesOf(fleet: FleetRecord | undefined, application: string): readonly string[] {
  const placed = (fleet?.placements ?? [])
    .filter((p) => p.application === application)
    .map((p) => p.environment);
  const ordered = Object.values(fleet?.pipelines ?? {})
    .filter((p) => p.applications.includes(application))
    .flatMap((p) => p.environments);
  return [...new Set([...ordered.filter((e) => placed.includes(e)), ...placed])];
}
