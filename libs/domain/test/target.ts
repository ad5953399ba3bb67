import {
  ActorId,
  ApprovalRule,
  DeploymentTarget,
  type DataOf,
  type RequestDeployment,
} from '@gantry/contracts';
import type { RequestContext } from '../src/index.js';

/** What of a deployment's target differs from spec to spec. */
export interface TargetOptions {
  readonly application?: string;
  readonly hosts: readonly string[];
  readonly pools: readonly { readonly pool: string; readonly size: number }[];
  readonly to: string;
  readonly strategy?: Partial<DeploymentTarget['strategy']>;
  readonly approval?: Partial<ApprovalRule>;
  /** What is known of its package. */
  readonly content?: Partial<DeploymentTarget['packages'][number]> | undefined;
  readonly servers?: readonly { readonly server: string; readonly maxConcurrentRuns: number }[];
}

const place = (pool: string) => ({ pool, device: 'lb', backend: pool });

/** A target as the fleet file would give it: every host is a member of every pool. */
export function targetOf(options: TargetOptions): DeploymentTarget {
  const { application = 'shop', to, pools } = options;
  return DeploymentTarget.parse({
    application,
    environment: 'production',
    evr: to,
    packages: [
      {
        name: application,
        hieraKey: `profile::${application}::version`,
        evr: to,
        sha256: 'a'.repeat(64),
        ...options.content,
      },
    ],
    health: {
      url: 'http://127.0.0.1:8080/health',
      expectStatus: 200,
      intervalMs: 100,
      timeoutMs: 500,
      goodInRow: 3,
      deadlineMs: 5_000,
    },
    strategy: {
      canary: { hosts: 1, bakeMs: 0 },
      maxOutOfService: 1,
      maxUnavailablePercent: 50,
      minPercent: 50,
      absoluteMin: 1,
      failureBudget: 0,
      onFailure: 'pause',
      drain: { timeoutMs: 10_000, maxConnections: 0, onTimeout: 'fail' },
      enableTimeoutMs: 10_000,
      run: { timeoutMs: 60_000, waitForLockMs: 10_000 },
      ...options.strategy,
    },
    hosts: options.hosts.map((host) => ({
      host,
      memberships: pools.map(({ pool }) => ({ ...place(pool), member: host })),
    })),
    pools: pools.map(({ pool, size }) => ({ ...place(pool), size })),
    ...(options.approval && { approval: ApprovalRule.parse(options.approval) }),
    puppetServers: options.servers ?? [{ server: 'puppet.lab', maxConcurrentRuns: 50 }],
  });
}

/** What a handler finds when everything about the request is in order. */
export function contextOf(target: DeploymentTarget): RequestContext {
  return {
    applications: [target.application],
    environments: [target.environment],
    placedApplications: [target.application],
    target,
    builds: target.packages.map(({ name, evr }) => ({ name, evr, state: 'deployable', note: '' })),
    confirmByName: false,
    activeDeployment: undefined,
    requesters: [ActorId.parse('anna')],
  };
}

/** The command that asks for the target. */
export function commandOf(
  target: DeploymentTarget,
  deploymentId: DataOf<typeof RequestDeployment>['deploymentId'],
): DataOf<typeof RequestDeployment> {
  const { application, environment, evr } = target;
  return { deploymentId, application, environment, evr, reason: 'test', accept: [] };
}
