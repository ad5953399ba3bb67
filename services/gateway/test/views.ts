const AT = '2026-01-01T00:00:00.000Z';

/** A deployment that runs, as audit would answer it. */
export const deploymentView = (id: string, change: Readonly<Record<string, unknown>> = {}) => ({
  id,
  application: 'shop',
  environment: 'production',
  evr: '1.2.0-1',
  status: 'running',
  reason: 'new',
  requestedBy: 'local-operator',
  requestedAt: AT,
  startedAt: null,
  endedAt: null,
  hosts: { total: 1, done: 0, failed: 0, inFlight: 0 },
  approval: null,
  planHash: null,
  findings: [],
  pools: [],
  pausedBecause: null,
  allowedActions: ['pause'],
  limits: { maxOutOfService: 1, failureBudget: 0 },
  progress: [],
  version: 1,
  position: '1',
  ...change,
});

/** A release on its way, as audit would answer it. */
export const releaseView = (id: string, change: Readonly<Record<string, unknown>> = {}) => ({
  ...{ id, pipeline: 'shop', evr: '1.2.0-1', status: 'travelling', phase: 'waiting' },
  ...{ applications: ['shop'], requestedBy: 'orchestrator', reason: null, targetMs: 660_000 },
  ...{ publishedAt: AT, createdAt: AT, endedAt: null, hold: null, because: '', stages: [] },
  ...{ version: 1, position: '1', movedAt: AT },
  ...change,
});

/** An event of a deployment's stream, unless another is named. */
export const eventView = (id: string, version: number, type = 'deployment.started') => ({
  position: String(version),
  stream: `${type.split('.')[0] ?? ''}-${id}`,
  version,
  type,
  at: AT,
  actor: 'local-operator',
  correlationId: id,
  causationId: id,
  data: {},
});
