import { definitionOf, type MessageOf, type MessageType } from '@gantry/contracts';
import type { NewEvent } from '@gantry/event-log';
import type { z } from 'zod';
import type { LogEvent } from '../src/projections/log-event.js';

/** One event before it has its place in the log. */
export interface Told {
  readonly stream: { readonly type: string; readonly id: string };
  readonly type: MessageType;
  readonly data: unknown;
}

const AT = Date.parse('2026-03-01T10:00:00.000Z');

/** Instant a number of seconds into the story. */
export const second = (seconds: number): string => new Date(AT + seconds * 1_000).toISOString();

/** Tells an event; the data must fit its type, brands aside, and is refused where the contract refuses it. */
export function told<T extends MessageType>(
  stream: Told['stream'],
  type: T,
  data: z.input<MessageOf<T>['schema']>,
): Told {
  definitionOf(type)?.strict.parse(data);
  return { stream, type, data };
}
/** Gives events their places: one second apart, versions by stream, feed positions that are no plain order of texts. */
export function placed(story: readonly Told[]): LogEvent[] {
  const versions = new Map<string, number>();
  return story.map(({ stream, type, data }, index) => {
    const key = `${stream.type}-${stream.id}`;
    const version = (versions.get(key) ?? 0) + 1;
    versions.set(key, version);
    const position = `${700 + Math.floor(index / 3)}:${index + 1}`;
    return {
      type,
      data,
      stream,
      version,
      position,
      at: second(index),
      actor: 'anna',
    } as unknown as LogEvent;
  });
}

/** The story as events to append. */
export function newEvent(event: Told, index: number): NewEvent {
  const id = `018f0000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`;
  return {
    eventId: id,
    type: event.type,
    schemaVersion: 1,
    data: event.data,
    metadata: { correlationId: id, causationId: id, actor: 'anna', occurredAt: second(index) },
  };
}

const SHA = 'a'.repeat(64);
export const D1 = '018f0000-0000-7000-8000-0000000000d1';
export const D2 = '018f0000-0000-7000-8000-0000000000d2';
export const R1 = '018f0000-0000-7000-8000-0000000000f1';
export const WEB1 = 'web1.example.net';
export const WEB2 = 'web2.example.net';

const health = {
  url: 'http://127.0.0.1:8080/healthz',
  expectStatus: 200,
  intervalMs: 500,
  timeoutMs: 2_000,
  goodInRow: 3,
  deadlineMs: 60_000,
};
const strategy = {
  canary: { hosts: 1, bakeMs: 0 },
  maxOutOfService: 1,
  maxUnavailablePercent: 50,
  minPercent: 50,
  absoluteMin: 1,
  failureBudget: 0,
  onFailure: 'pause' as const,
  drain: { timeoutMs: 60_000, maxConnections: 0, onTimeout: 'fail' as const },
  enableTimeoutMs: 60_000,
  run: { timeoutMs: 1_800_000, waitForLockMs: 300_000 },
};
const pkg = { name: 'shop', hieraKey: 'profile::shop::version' };
const membership = { pool: 'shop', device: 'lb', backend: 'shop', member: 'web' };
const installed = (evr: string) => [{ name: 'shop', evr, nevra: `shop-${evr}.x86_64` }];

/** The fleet: two web servers that run the shop in production, unless told otherwise. */
export function fleetAdopted(hosts: string[] = [WEB1, WEB2]): Told {
  return told({ type: 'fleet', id: 'main' }, 'fleet.adopted', {
    sha256: SHA,
    fleet: {
      version: 1,
      applications: { shop: { packages: [pkg], health, strategy } },
      pools: {},
      puppetServers: { 'puppet.example.net': { maxConcurrentRuns: 50 } },
      environments: {
        production: {
          puppetServers: ['puppet.example.net'],
          confirmByName: true,
          applications: { shop: { hosts, pools: [] } },
        },
      },
    },
  });
}

export function buildStory(evr: string): Told[] {
  const stream = { type: 'build', id: `shop-${evr}` };
  const artifact = {
    repository: 'stable',
    name: 'shop',
    evr,
    arch: 'x86_64',
    sha256: SHA,
    sizeBytes: 1_000,
    builtAt: second(-60),
    location: `shop-${evr}.x86_64.rpm`,
  };
  return [
    told(stream, 'build.seen', artifact),
    told(stream, 'build.changed', { ...artifact, sha256: 'b'.repeat(64), pinnedSha256: SHA }),
    told(stream, 'build.quarantined', { name: 'shop', evr, deploymentId: D1, reason: 'red' }),
    told(stream, 'build.quarantine-lifted', { name: 'shop', evr, reason: 'looked at it' }),
    told(stream, 'build.unlisted', { name: 'shop', evr, repository: artifact.repository }),
    told(stream, 'build.listed', { name: 'shop', evr, repository: artifact.repository }),
  ];
}

export function attentionStory(host: string): Told[] {
  const key = `host-out-of-service.${host}`;
  const stream = { type: 'attention', id: key };
  const opened = told(stream, 'attention.opened', {
    key,
    kind: 'host-out-of-service',
    title: `${host} is out of service`,
    detail: 'Puppet failed',
    todo: 'Mend it.',
    host,
    deploymentId: D1,
  });
  return [opened, told(stream, 'attention.closed', { key, because: 'deployed again' }), opened];
}

const evidence = {
  end: 'idle' as const,
  connectionsAtEnd: 0,
  reads: 3,
  waitedMs: 400,
  drainedAt: second(0),
};
const enabledEvidence = { checks: 'L7OK/200', reads: 2, waitedMs: 300, inServiceAt: second(0) };
const counts = {
  total: 20,
  changed: 1,
  failed: 0,
  failedToRestart: 0,
  skipped: 0,
  outOfSync: 1,
  corrective: 0,
};
const reportOf = (jobId: string, noop = false) => ({
  jobId,
  status: 'changed' as const,
  completed: true,
  noop,
  cachedCatalog: 'not_used' as const,
  configurationVersion: 'abc',
  catalogUuid: null,
  startedAt: second(0),
  counts,
  failures: [],
});

const outcome = (jobId: string, to: string, noop = false) => ({
  verdict: { kind: 'converged' as const },
  exitCode: 2,
  report: reportOf(jobId, noop),
  before: installed('1.0.0-1'),
  after: installed(to),
  startedAt: second(1),
  finishedAt: second(2.5),
});

/** The beginning of a deployment of these hosts, up to its start. */
export function begun(id: string, evr: string, hosts: string[]): Told[] {
  const stream = { type: 'deployment', id };
  return [
    told(stream, 'deployment.requested', {
      reason: 'ship it',
      accept: [],
      target: {
        application: 'shop',
        environment: 'production',
        evr,
        packages: [{ ...pkg, evr, sha256: SHA }],
        health,
        strategy,
        hosts: hosts.map((host) => ({ host, memberships: [membership] })),
        pools: [{ pool: 'shop', device: 'lb', backend: 'shop', size: hosts.length }],
        puppetServers: [{ server: 'puppet.example.net', maxConcurrentRuns: 50 }],
      },
    }),
    told(stream, 'lb.survey.requested', { requestId: 's1', pools: [] }),
    ...hosts.map((host) =>
      told(stream, 'deployment.host-surveyed', {
        host,
        installed: installed('1.0.0-1'),
        disabled: null,
        runningSince: null,
        lastRunAt: null,
        listenerVersion: '0.1.0',
        bootId: 'b',
      }),
    ),
    told(stream, 'deployment.pools-surveyed', { pools: [], unreadable: [] }),
    told(stream, 'deployment.planned', {
      planHash: SHA,
      plan: {
        hosts: hosts.map((host, index) => ({
          host,
          from: [{ name: 'shop', evr: '1.0.0-1' }],
          action: 'deploy' as const,
          canary: index === 0,
        })),
        pools: [{ pool: 'shop', size: 2, inService: 2, minInService: 1, batch: 1 }],
        findings: [{ severity: 'info', code: 'no-noop', message: 'no noop run', todo: '' }],
      },
    }),
    told(stream, 'deployment.started', {}),
  ];
}

/** One host's whole turn, to its proof. */
export function turn(
  id: string,
  host: string,
  to: string,
  direction: 'forward' | 'back' = 'forward',
): Told[] {
  const stream = { type: 'deployment', id };
  const requestId = `${id}-${host.slice(0, 4)}-${direction}`;
  const onHost = { requestId, host };
  const fenced = { ...onHost, epoch: 1 };
  const run = outcome(requestId, to);
  const healthy = {
    healthy: true,
    goodInRow: 3,
    attempts: 3,
    lastStatus: 200,
    lastBody: 'ok',
    reason: '',
    finishedAt: second(3.25),
  };
  return [
    told(stream, 'deployment.host-reserved', { host, direction, attempt: 1, epoch: 1 }),
    told(stream, 'lb.drain.requested', {
      ...fenced,
      memberships: [{ ...membership, minInService: 1 }],
      timeoutMs: 60_000,
      maxConnections: 0,
      onTimeout: 'fail',
    }),
    told(stream, 'deployment.host-drained', { ...onHost, evidence, pools: [] }),
    told(stream, 'puppet.publish.requested', {
      ...fenced,
      seq: 1,
      versions: [{ hieraKey: pkg.hieraKey, name: 'shop', evr: to }],
      servers: ['puppet.example.net'],
    }),
    told(stream, 'deployment.host-version-published', { ...onHost, server: 'puppet.example.net' }),
    told(stream, 'puppet.run.requested', {
      ...fenced,
      seq: 2,
      noop: false,
      wanted: [{ name: 'shop', evr: to }],
      health,
      runTimeoutMs: 60_000,
      waitForLockMs: 0,
      expiresInMs: 60_000,
    }),
    told(stream, 'deployment.host-run-started', { ...onHost, startedAt: second(1) }),
    told(stream, 'deployment.host-run-finished', { ...onHost, ...run }),
    told(stream, 'deployment.host-verified', { ...onHost, ...healthy }),
    told(stream, 'lb.enable.requested', {
      ...fenced,
      memberships: [membership],
      timeoutMs: 60_000,
    }),
    told(stream, 'deployment.host-enabled', {
      ...onHost,
      evidence: enabledEvidence,
      pools: [],
    }),
    told(stream, 'deployment.host-done', {
      host,
      direction,
      proof: {
        drained: evidence,
        puppetReport: run.report,
        installed: run.after,
        healthy: { goodInRow: 3, attempts: 3, lastBody: 'ok', finishedAt: second(3.25) },
        inService: enabledEvidence,
      },
    }),
  ];
}

/** A turn that ends without proof, the host out of service. */
export function failedTurn(id: string, host: string): Told[] {
  const stream = { type: 'deployment', id };
  return [
    ...turn(id, host, '2.0.0-1').slice(0, 7),
    told(stream, 'deployment.host-failed', {
      host,
      direction: 'forward',
      step: 'run',
      class: 'broken',
      reason: 'catalog failed',
      outOfService: true,
    }),
  ];
}

/** A deployment of two hosts that succeeds. */
export const goodDeployment = (id: string, evr: string): Told[] => [
  ...begun(id, evr, [WEB1, WEB2]),
  ...turn(id, WEB1, evr),
  ...turn(id, WEB2, evr),
  told({ type: 'deployment', id }, 'deployment.verifying', {}),
  told({ type: 'deployment', id }, 'deployment.succeeded', {}),
];

/** A deployment whose second host breaks, is paused by its budget, and is rolled back by a person. */
export function rolledBackDeployment(id: string): Told[] {
  const stream = { type: 'deployment', id };
  return [
    ...begun(id, '2.0.0-1', [WEB1, WEB2]),
    ...turn(id, WEB1, '2.0.0-1'),
    ...failedTurn(id, WEB2),
    told(stream, 'deployment.paused', { because: 'failure-budget', reason: '1 of 0 failed' }),
    told(stream, 'deployment.rollback-started', {
      because: 'person',
      reason: 'back, please',
      hosts: [WEB2, WEB1],
    }),
    ...turn(id, WEB2, '1.0.0-1', 'back'),
    ...turn(id, WEB1, '1.0.0-1', 'back'),
    told(stream, 'deployment.rolled-back', {}),
  ];
}

/** A noop run on one host and a failed one on another. */
export function refreshStory(): Told[] {
  const stream = { type: 'refresh', id: R1 };
  return [
    told(stream, 'refresh.requested', {
      hosts: [WEB1, WEB2],
      noop: true,
      reason: 'drift?',
      concurrency: 2,
    }),
    told(stream, 'refresh.host-reserved', { host: WEB1, epoch: 2 }),
    told(stream, 'refresh.host-reserved', { host: WEB2, epoch: 2 }),
    told(stream, 'refresh.host-run-started', { host: WEB1, requestId: 'n1', startedAt: second(1) }),
    told(stream, 'refresh.host-run-finished', {
      host: WEB1,
      requestId: 'n1',
      ...outcome('n1', '1.0.0-1', true),
    }),
    told(stream, 'refresh.host-failed', { host: WEB2, reason: 'no answer' }),
    told(stream, 'refresh.completed', { failed: [WEB2] }),
  ];
}

/** Stories that may be told at the same time: each keeps its own order. */
export const STORIES: readonly (readonly Told[])[] = [
  [fleetAdopted(), fleetAdopted([WEB1, 'web3.example.net']), fleetAdopted()],
  goodDeployment(D1, '1.1.0-1'),
  rolledBackDeployment(D2),
  refreshStory(),
  buildStory('1.1.0-1'),
  buildStory('2.0.0-1'),
  attentionStory(WEB2),
];
