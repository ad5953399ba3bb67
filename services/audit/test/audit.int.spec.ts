import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import {
  FleetAdopted,
  GetAuditStatus,
  GetDeployment,
  GetRefresh,
  GetRelease,
  HOST_PRESENCE_TOPIC,
  HostPresence,
  ListAttention,
  ListBuilds,
  ListDeployments,
  ListHosts,
  ListReleases,
  ListRunning,
  makeMessage,
  QueryReply,
  ReadEvents,
  RebuildReadModels,
  topicDestination,
  type AnyMessage,
  type DataOf,
  type QueryReplyOf,
  type QueryType,
} from '@gantry/contracts';
import { canonicalJson } from '@gantry/domain';
import { createLogPool, PostgresEventLog } from '@gantry/event-log';
import { waitUntil } from '@gantry/lab';
import { loadConfig, runService, type RunningService } from '@gantry/service-kit';
import {
  startTestBroker,
  startTestPostgres,
  type TestBroker,
  type TestPostgres,
} from '@gantry/testing';
import { StompPublisher } from '@gantry/stomp-transport';
import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { auditConfig, AuditModule } from '../src/index.js';
import {
  attentionStory,
  buildStory,
  D1,
  D2,
  fleetAdopted,
  goodDeployment,
  newEvent,
  R1,
  refreshStory,
  rolledBackDeployment,
  told as tells,
  WEB1,
  WEB2,
  type Told,
} from './log-story.js';
import { created, deployed, ended, entered, RELEASE, releaseStream } from './release-story.js';

const eventually = (probe: () => boolean | Promise<boolean>): Promise<void> =>
  waitUntil(probe, {
    deadlineMs: 30_000,
    onTimeout: () => new Error(`never: ${probe.toString()}`),
  });

/** Of the release's deployment. */
const ofD1 = (event: Told): Told => ({
  ...event,
  data: { ...(event.data as object), deploymentId: D1 },
});

const STORY: readonly Told[] = [
  fleetAdopted(),
  ...buildStory('1.1.0-1'),
  ...[created, entered, ofD1(deployed)],
  ...goodDeployment(D1, '1.1.0-1'),
  ofD1(ended),
  tells(releaseStream, 'release.stage-passed', { stage: 0 }),
  ...attentionStory(WEB2).slice(0, 1),
  ...rolledBackDeployment(D2),
  ...refreshStory(),
];

/** A service that only asks. */
@Module({})
class AskerModule {}

describe('audit, on a real Postgres and a real broker', () => {
  let postgres: TestPostgres;
  let broker: TestBroker;
  let pool: Pool;
  let log: PostgresEventLog;
  let audit: RunningService;
  let asker: RunningService;
  let told = 0;

  beforeAll(async () => {
    [postgres, broker] = await Promise.all([startTestPostgres(), startTestBroker()]);
    await postgres.createRole('audit');
    audit = await startAudit();
    asker = await runService({
      name: 'gateway',
      config: loadConfig(auditConfig, envOf('gateway')),
      module: AskerModule,
      families: [],
    });
    pool = createLogPool({ url: postgres.url() });
    log = new PostgresEventLog({ pool });
    for (const event of STORY) await append(event);
    await caughtUp();
  }, 180_000);

  afterAll(async () => {
    await Promise.allSettled([asker.close(), audit.close()]);
    await pool.end();
    await Promise.allSettled([postgres.stop(), broker.stop()]);
  }, 60_000);

  function envOf(principal: string): Record<string, string> {
    return {
      ...broker.environment(principal),
      GANTRY_DATABASE_URL: postgres.url('main', 'audit'),
      GANTRY_MIGRATION_URL: postgres.url(),
      GANTRY_FEED_POLL_MS: '100',
    };
  }

  /** Says something as whoever has that to say. */
  async function speak(
    principal: string,
    destination: string,
    definition: AnyMessage,
    data: unknown,
  ): Promise<void> {
    const id = randomUUID();
    const message = makeMessage(definition, data as never, {
      ...{ id, correlationid: id, causationid: id },
      ...{ source: '/gantry/spec', time: new Date().toISOString(), actor: 'spec' as never },
      ...(definition.role === 'event' ? { subject: 'fleet-main' as never } : {}),
    });
    const out = new StompPublisher(broker.connection(principal));
    await out.open(10_000);
    await out.publish({ destination, body: JSON.stringify(message) });
    await out.close(1_000);
  }

  function startAudit(env: Record<string, string> = {}): Promise<RunningService> {
    return runService({
      name: 'audit',
      config: loadConfig(auditConfig, { ...envOf('audit'), ...env }),
      module: AuditModule,
      families: ['log.events', 'audit.queries'],
      plainTopics: [HOST_PRESENCE_TOPIC],
    });
  }

  async function append({ stream, ...event }: Told): Promise<void> {
    const fact = newEvent({ stream, ...event }, told++);
    await log.transact({
      streams: [stream],
      work: (tx) => tx.append(stream, tx.version(stream), [fact]),
    });
  }

  async function ask<D extends AnyMessage & { type: QueryType }>(
    definition: D,
    data: DataOf<D>,
  ): Promise<QueryReplyOf<D['type']>> {
    const reply = await asker.bus.request(definition, data, { timeoutMs: 20_000 });
    return QueryReply[definition.type].parse(reply) as QueryReplyOf<D['type']>;
  }

  const caughtUp = () =>
    eventually(async () => {
      const { position, lagEvents } = await ask(GetAuditStatus, {});
      return position !== null && lagEvents === 0;
    });

  const readyz = async (service: RunningService) =>
    fetch(`http://127.0.0.1:${service.httpPort}/readyz`);

  it('lists deployments, newest first, and filters them', async () => {
    const { items, position } = await ask(ListDeployments, { limit: 10 });
    expect(items.map(({ id, status }) => [id, status])).toEqual([
      [D2, 'rolled-back'],
      [D1, 'succeeded'],
    ]);
    expect(position).toMatch(/^\d+:\d+$/);
    const place = { application: 'shop', environment: 'production' };
    expect((await ask(ListDeployments, { ...place, limit: 1 })).items).toHaveLength(1);
    expect((await ask(ListDeployments, { environment: 'staging', limit: 10 })).items).toEqual([]);
  });

  it('shows one deployment, and null for one nobody knows', async () => {
    const { item } = await ask(GetDeployment, { deploymentId: D1 as never });
    expect(item).toMatchObject({ status: 'succeeded', hosts: { total: 2, done: 2 } });
    expect(item?.progress[0]?.timings?.totalMs).toBe(11_000);
    const nobody = D1.replace('d1', 'aa') as never;
    expect((await ask(GetDeployment, { deploymentId: nobody })).item).toBeNull();
  });

  it('shows of a release where its time went, by what its deployments wrote down', async () => {
    const { item } = await ask(GetRelease, { releaseId: RELEASE as never });
    const [stage] = item!.stages;
    // Two hosts, one after the other.
    expect(stage?.clock).toMatchObject({ drainMs: 2_000, puppetMs: 2_000, healthMs: 6_000 });
    const { waitingMs, approvalMs, gatesMs, deployingMs, soakMs } = stage!.clock;
    expect(waitingMs + approvalMs! + gatesMs + deployingMs + soakMs).toBe(
      Date.parse(stage!.endedAt!) - Date.parse(stage!.enteredAt!),
    );
    expect((await ask(ListReleases, { limit: 5 })).items).toEqual([item]);
  });

  it('answers every other query from the log', async () => {
    expect((await ask(GetRefresh, { refreshId: R1 as never })).item).toMatchObject({ noop: true });
    const hosts = await ask(ListHosts, {});
    expect(hosts.items.map(({ host }) => host)).toEqual([WEB1, WEB2]);
    expect((await ask(ListRunning, {})).items).toMatchObject([
      {
        application: 'shop',
        environment: 'production',
        versions: [{ evr: '1.0.0-1', hosts: [WEB1, WEB2] }],
        lastDeployment: D2,
      },
    ]);
    expect((await ask(ListBuilds, { limit: 5 })).items).toMatchObject([{ evr: '1.1.0-1' }]);
    expect((await ask(ListBuilds, { name: 'other', limit: 5 })).items).toEqual([]);
    const open = await ask(ListAttention, { includeClosed: false, limit: 5 });
    expect(open.items).toMatchObject([{ host: WEB2, closedAt: null }]);
  });

  it('reads the log itself, in pages and by stream', async () => {
    const first = await ask(ReadEvents, { limit: 10 });
    expect(first.items).toHaveLength(10);
    const rest = await ask(ReadEvents, { after: first.position!, limit: 500 });
    expect(first.items.length + rest.items.length).toBe(told);
    const stream = await ask(ReadEvents, { stream: `deployment-${D1}`, limit: 500 });
    expect(stream.items.map(({ version }) => version)).toEqual(
      goodDeployment(D1, '1.1.0-1').map((_, index) => index + 1),
    );
    const after = stream.items[4]!.position;
    const tail = await ask(ReadEvents, { stream: `deployment-${D1}`, after, limit: 2 });
    expect(tail.items.map(({ version }) => version)).toEqual([6, 7]);
    await expect(ask(ReadEvents, { after: 'here', limit: 1 })).rejects.toMatchObject({
      kind: 'invalid',
    });
  });

  it('follows the log when a message says that it grew', async () => {
    await append({ ...buildStory('1.2.0-1')[0]! });
    const [fleet] = [fleetAdopted()];
    await speak('orchestrator', topicDestination('log.events'), FleetAdopted, fleet.data);
    await eventually(async () => (await ask(ListBuilds, { limit: 5 })).items.length === 2);
  });

  it('says of a host when it was last heard', async () => {
    const before = (await ask(ListHosts, {})).items[0];
    expect(before).toMatchObject({ reachable: null, lastHeardAt: null });
    const presence = {
      host: WEB1,
      keyId: 'k1',
      role: 'agent',
      bootId: 'b',
      listenerVersion: '0.1.0',
      busyWith: null,
    };
    await speak(`host.${WEB1}`, HOST_PRESENCE_TOPIC, HostPresence, presence);
    await eventually(async () => (await ask(ListHosts, {})).items[0]?.reachable === true);
    expect((await ask(ListHosts, {})).items[1]?.reachable).toBeNull();
  });

  it('may not write to the log', async () => {
    const own = createLogPool({ url: postgres.url('main', 'audit') });
    const refused = new PostgresEventLog({ pool: own }).transact({
      streams: [{ type: 'build', id: 'x' }],
      work: (tx) => tx.append({ type: 'build', id: 'x' }, 0, [newEvent(STORY[0]!, 9_999)]),
    });
    await expect(refused).rejects.toThrow(/permission denied/);
    await own.end();
  });

  it('F-047 rebuilds to exactly what it had, and serves meanwhile', async () => {
    const rows = () =>
      postgres.sql(
        `SELECT jsonb_agg(jsonb_build_array(model, key, state, summary) ORDER BY model, key) FROM (
           SELECT 'deployment' AS model, key, state, summary FROM audit.deployment
           UNION ALL SELECT 'refresh', key, state, summary FROM audit.refresh
           UNION ALL SELECT 'host', key, state, summary FROM audit.host
           UNION ALL SELECT 'fleet', key, state, summary FROM audit.fleet
           UNION ALL SELECT 'build', key, state, summary FROM audit.build
           UNION ALL SELECT 'release', key, state, summary FROM audit.release
           UNION ALL SELECT 'hold', key, state, summary FROM audit.hold
           UNION ALL SELECT 'attention', key, state, summary FROM audit.attention) AS rows`,
      );
    await caughtUp();
    const live = canonicalJson(await rows());
    const [rebuilt, meanwhile] = await Promise.all([
      ask(RebuildReadModels, {}),
      ask(ListDeployments, { limit: 10 }),
    ]);
    expect(rebuilt.events).toBe(told);
    expect(meanwhile.items).toHaveLength(2);
    expect(canonicalJson(await rows())).toBe(live);
  });

  it('shares the work with a replica, and both answer the same', async () => {
    const second = await startAudit();
    try {
      for (const event of buildStory('1.3.0-1')) await append(event);
      await caughtUp();
      const answers = await Promise.all([1, 2, 3, 4].map(() => ask(ListBuilds, { limit: 5 })));
      expect(new Set(answers.map((answer) => canonicalJson(answer))).size).toBe(1);
      expect(answers[0]?.items[0]).toMatchObject({ evr: '1.3.0-1', state: 'deployable' });
    } finally {
      await second.close();
    }
  }, 60_000);

  it('is not ready without its database, and goes on by itself', async () => {
    expect((await readyz(audit)).status).toBe(200);
    await postgres.down();
    await eventually(async () => (await readyz(audit)).status === 503);
    await postgres.up();
    await eventually(async () => (await readyz(audit)).status === 200);
    await append({ ...buildStory('1.4.0-1')[0]! });
    await caughtUp();
    expect((await ask(ListBuilds, { limit: 1 })).items).toMatchObject([{ evr: '1.4.0-1' }]);
  }, 90_000);

  it('F-049 a log that was put back to an earlier moment is not answered from read models that know more', async () => {
    await append({ ...buildStory('1.6.0-1')[0]! });
    await eventually(async () => {
      const { items } = await ask(ListBuilds, { limit: 20 });
      return items.some(({ evr }) => evr === '1.6.0-1');
    });
    await postgres.sql(
      `ALTER TABLE log.event DISABLE TRIGGER event_is_append_only;
       DELETE FROM log.event WHERE stream_id = 'shop-1.6.0-1';
       ALTER TABLE log.event ENABLE ALWAYS TRIGGER event_is_append_only`,
    );
    await append(attentionStory(WEB2)[1]!);
    await eventually(async () => {
      const { items } = await ask(ListAttention, { includeClosed: true, limit: 5 });
      return items.some(({ closedAt }) => closedAt !== null);
    });
    const { items } = await ask(ListBuilds, { limit: 20 });
    expect(items.map(({ evr }) => evr)).not.toContain('1.6.0-1');
    const [log] = await postgres.sql('SELECT count(*)::integer AS events FROM log.event');
    const [models] = await postgres.sql(
      'SELECT events::integer AS events FROM audit.generation WHERE current',
    );
    expect(models).toEqual(log);
  });

  it('F-048 F-106 stops at an event it does not know, says so, and still answers', async () => {
    const stream = { type: 'build', id: 'unheard-of' };
    const event = { ...newEvent(STORY[1]!, told++), type: 'build.teleported' };
    await log.transact({ streams: [stream], work: (tx) => tx.append(stream, 0, [event]) });
    await eventually(
      async () =>
        (await ask(GetAuditStatus, {})).parkedProjection?.includes('build.teleported') === true,
    );
    const ready = await readyz(audit);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({
      checks: { broker: 'ok', 'read-models': expect.stringContaining('build.teleported') },
    });
    await append({ ...buildStory('1.5.0-1')[0]! });
    const status = await ask(GetAuditStatus, {});
    expect(status.lagEvents).toBeGreaterThanOrEqual(2);
    expect((await ask(ListBuilds, { limit: 1 })).items).toMatchObject([{ evr: '1.4.0-1' }]);
    await expect(ask(RebuildReadModels, {})).rejects.toMatchObject({ kind: 'corrupt' });
  });
});
