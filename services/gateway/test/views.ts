/** A deployment that runs, as audit would answer it. */
export const deploymentView = (id: string, change: Readonly<Record<string, unknown>> = {}) => ({
  id,
  application: 'shop',
  environment: 'production',
  evr: '1.2.0-1',
  status: 'running',
  reason: 'new',
  requestedBy: 'local-operator',
  requestedAt: '2026-01-01T00:00:00.000Z',
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

/** An event of a deployment's stream. */
export const eventView = (id: string, version: number) => ({
  position: String(version),
  stream: `deployment-${id}`,
  version,
  type: 'deployment.started',
  at: '2026-01-01T00:00:00.000Z',
  actor: 'local-operator',
  correlationId: id,
  causationId: id,
  data: {},
});
