import { DeploymentId, ActorId, type DeploymentStatus } from '@gantry/contracts';
import { APPROVAL_HANDLERS, type ApprovalEventType } from './deployment-approval.handlers.js';
import { withHand, withLine } from './deployment-hand.js';
import { HOST_HANDLERS, type DeploymentHostEventType } from './deployment-host.handlers.js';
import {
  deploymentSummaryRow,
  isHostInFlight,
  type DeploymentRecord,
  type HostRecord,
} from './deployment.record.js';
import type { LogEvent } from './log-event.js';
import { existing, handle, type Handlers, type Projection } from './projection.js';

type DeploymentEventType =
  | 'deployment.requested'
  | 'lb.survey.requested'
  | 'puppet.survey.requested'
  | 'deployment.pools-surveyed'
  | 'deployment.planned'
  | ApprovalEventType
  | 'deployment.refused'
  | 'deployment.started'
  | 'deployment.paused'
  | 'deployment.resumed'
  | 'deployment.limits-changed'
  | 'deployment.cancel-requested'
  | 'deployment.rollback-started'
  | 'deployment.verifying'
  | 'deployment.succeeded'
  | 'deployment.succeeded-with-failures'
  | 'deployment.failed'
  | 'deployment.cancelled'
  | 'deployment.rolled-back'
  | 'deployment.rollback-failed';

const same = (record: DeploymentRecord): DeploymentRecord => record;

const turns =
  (status: DeploymentStatus) =>
  (record: DeploymentRecord): DeploymentRecord => ({ ...record, status, pausedBecause: null });

const ends =
  (status: DeploymentStatus) =>
  (record: DeploymentRecord, event: LogEvent): DeploymentRecord => ({
    ...record,
    status,
    pausedBecause: null,
    endedAt: event.at,
  });

const HANDLERS: Handlers<DeploymentEventType, DeploymentRecord> = {
  ...APPROVAL_HANDLERS,
  'deployment.requested': same,
  'lb.survey.requested': same,
  'puppet.survey.requested': same,
  'deployment.pools-surveyed': same,
  'deployment.planned': planned,
  'deployment.refused': (record, event) => ({
    ...ends('refused')(record, event),
    findings: event.data.findings,
  }),
  'deployment.started': (record, event) => ({
    ...turns('running')(record),
    startedAt: event.at,
  }),
  'deployment.paused': (record, event) => ({
    ...record,
    status: 'paused',
    pausedBecause: event.data.reason,
    pauseHand: event.data.because === 'held' ? 'waiting' : 'approval',
  }),
  'deployment.resumed': turns('running'),
  'deployment.limits-changed': (record, event) => {
    const { maxOutOfService, failureBudget } = event.data;
    const { limits } = record;
    return {
      ...record,
      limits: {
        maxOutOfService: maxOutOfService ?? limits.maxOutOfService,
        failureBudget: failureBudget ?? limits.failureBudget,
      },
    };
  },
  'deployment.cancel-requested': turns('cancelling'),
  'deployment.rollback-started': rollingBack,
  'deployment.verifying': turns('verifying'),
  'deployment.succeeded': ends('succeeded'),
  'deployment.succeeded-with-failures': ends('succeeded-with-failures'),
  'deployment.failed': ends('failed'),
  'deployment.cancelled': ends('cancelled'),
  'deployment.rolled-back': ends('rolled-back'),
  'deployment.rollback-failed': ends('rollback-failed'),
};

/** The read model of deployments: one row per deployment stream. */
export const deploymentProjection: Projection<DeploymentRecord> = {
  model: 'deployment',
  types: new Set([...Object.keys(HANDLERS), ...Object.keys(HOST_HANDLERS)]),
  keys: ({ stream }) => (stream.type === 'deployment' ? [stream.id] : []),
  apply(row, event) {
    const { version, position } = event;
    if (event.type === 'deployment.requested') return withLine(requested(event), event);
    return withLine({ ...after(existing(row, event), event), version, position }, event);
  },
  summary: deploymentSummaryRow,
};

function after(record: DeploymentRecord, event: LogEvent): DeploymentRecord {
  if (!(event.type in HOST_HANDLERS)) return handle(HANDLERS, record, event);
  const type = event.type as DeploymentHostEventType;
  const { host: name } = event.data as LogEvent<DeploymentHostEventType>['data'];
  const turned = (host: HostRecord): HostRecord =>
    withHand(withTarget(record, handle(HOST_HANDLERS, host, event)), type);
  return {
    ...record,
    progress: record.progress.map((host) => (host.host === name ? turned(host) : host)),
  };
}

/** On the way back a host is wanted at what it had before. */
function withTarget(record: DeploymentRecord, host: HostRecord): HostRecord {
  const to = host.direction === 'forward' ? record.evr : (host.from[0]?.evr ?? 'not installed');
  return host.to === to ? host : { ...host, to };
}

function requested(event: LogEvent<'deployment.requested'>): DeploymentRecord {
  const { target, reason } = event.data;
  const { application, environment, evr } = target;
  return {
    id: DeploymentId.parse(event.stream.id),
    application,
    environment,
    evr,
    status: 'requested',
    reason,
    requestedBy: ActorId.parse(event.actor),
    requestedAt: event.at,
    startedAt: null,
    endedAt: null,
    approval: null,
    planHash: null,
    findings: [],
    pools: [],
    pausedBecause: null,
    limits: {
      maxOutOfService: target.strategy.maxOutOfService,
      failureBudget: target.strategy.failureBudget,
    },
    progress: target.hosts.map(({ host }) => queued({ host, from: [], canary: false }, evr, event)),
    line: [],
    version: event.version,
    position: event.position,
  };
}

function planned(
  record: DeploymentRecord,
  event: LogEvent<'deployment.planned'>,
): DeploymentRecord {
  const { planHash, plan } = event.data;
  return {
    ...record,
    status: 'planned',
    planHash,
    findings: plan.findings,
    pools: plan.pools,
    progress: plan.hosts.map((host) => queued(host, record.evr, event)),
  };
}

function queued(
  planned: Pick<HostRecord, 'host' | 'from' | 'canary'>,
  to: string,
  event: LogEvent,
): HostRecord {
  const { host, from, canary } = planned;
  return {
    host,
    status: 'queued',
    direction: 'forward',
    canary,
    attempt: 0,
    from,
    to,
    since: event.at,
    note: '',
    failure: null,
    proof: null,
    timings: null,
    clock: null,
  };
}

/** Hosts that were touched wait for their way back; those whose turn had not come are left alone; those in flight go on. */
function rollingBack(
  record: DeploymentRecord,
  event: LogEvent<'deployment.rollback-started'>,
): DeploymentRecord {
  const back: ReadonlySet<string> = new Set(event.data.hosts);
  const turned = (host: HostRecord): HostRecord => {
    if (isHostInFlight(host)) return host;
    if (back.has(host.host)) {
      const note = 'waiting for its way back';
      return { ...host, status: 'queued', direction: 'back', note, since: event.at };
    }
    if (host.status !== 'queued') return host;
    return { ...host, status: 'skipped', note: 'rolled back before its turn', since: event.at };
  };
  return {
    ...record,
    status: 'rolling-back',
    pausedBecause: null,
    progress: record.progress.map((host) => withTarget(record, turned(host))),
  };
}
