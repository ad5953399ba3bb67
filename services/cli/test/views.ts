export const ID = '0190a0c4-1111-7000-8000-000000000001';
const AT = '2026-01-01T00:00:00.000Z';

/** One host of a deployment. */
export const hostProgress = (host: string, status: string, change: object = {}) => ({
  host,
  status,
  direction: 'forward',
  canary: false,
  attempt: 1,
  from: [{ name: 'shop', evr: '1.1.0-1' }],
  to: '1.2.0-1',
  since: AT,
  note: '',
  failure: null,
  proof: null,
  timings: null,
  allowedActions: [],
  ...change,
});

/** A deployment as the gateway answers it. */
export const deploymentView = (status: string, change: object = {}) => ({
  id: ID,
  application: 'shop',
  environment: 'production',
  evr: '1.2.0-1',
  status,
  reason: 'new',
  requestedBy: 'local-operator',
  requestedAt: AT,
  startedAt: null,
  endedAt: null,
  hosts: { total: 2, done: 1, failed: 0, inFlight: 1 },
  approval: null,
  planHash: null,
  findings: [],
  pools: [],
  pausedBecause: null,
  allowedActions: [],
  limits: { maxOutOfService: 1, failureBudget: 0 },
  progress: [hostProgress('web1', 'done'), hostProgress('web2', 'draining')],
  version: 1,
  position: '1',
  ...change,
});

/** An event of the deployment's log. */
export const logEvent = (position: string, type: string, data: object = {}) => ({
  position,
  stream: `deployment-${ID}`,
  version: 1,
  type,
  at: AT,
  actor: 'local-operator',
  correlationId: ID,
  causationId: ID,
  data,
});

/** A refresh as the gateway answers it. */
export const refreshView = (status: string, verdicts: readonly (object | null)[]) => ({
  id: ID,
  status,
  noop: false,
  reason: 'drift',
  requestedBy: 'local-operator',
  requestedAt: AT,
  endedAt: null,
  progress: verdicts.map((verdict, i) => ({
    host: `web${i + 1}`,
    status: verdict === null ? 'running' : 'done',
    verdict,
    report: null,
    reason: '',
  })),
  version: 1,
  position: '1',
});
