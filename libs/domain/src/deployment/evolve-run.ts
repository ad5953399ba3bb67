import { leavesUnchanged } from '../policy/outcome-table.js';
import type { DeploymentFact } from './facts.js';
import { ask, counted, once, withTurn } from './pending.js';
import type { DeploymentHost } from './state.js';

/** Facts of a turn between its drain and its return. */
export type RunFact = Extract<
  DeploymentFact,
  {
    type:
      | 'puppet.publish.requested'
      | 'deployment.host-version-published'
      | 'puppet.run.requested'
      | 'puppet.query.requested'
      | 'deployment.host-run-started'
      | 'deployment.host-run-finished'
      | 'deployment.host-verified';
  }
>;

/** The host after the fact: version published, run asked for, run over, health seen. */
export function evolveRun(host: DeploymentHost, fact: RunFact): DeploymentHost {
  switch (fact.type) {
    case 'puppet.publish.requested':
      return publishing(host, fact);
    case 'deployment.host-version-published':
      return published(host, fact);
    case 'puppet.run.requested':
      return running(host, fact);
    case 'puppet.query.requested':
      return queried(host, fact);
    case 'deployment.host-run-started':
      if (host.phase.status !== 'running-puppet') return host;
      return { ...host, phase: { ...host.phase, startedAt: fact.at, query: undefined } };
    case 'deployment.host-run-finished': {
      const pending = once(undefined, fact);
      const intact = host.turn?.intact === true && leavesUnchanged(fact.data.verdict);
      return {
        ...withTurn(host, { run: fact.data, intact }),
        phase: { status: 'verifying', pending, query: undefined },
      };
    }
    case 'deployment.host-verified':
      return withTurn(host, { health: fact.data });
  }
}

type Of<T extends RunFact['type']> = Extract<RunFact, { type: T }>;

function published(
  host: DeploymentHost,
  fact: Of<'deployment.host-version-published'>,
): DeploymentHost {
  const { phase } = host;
  if (phase.status !== 'drained' || phase.publish === undefined) return host;
  const servers = [...new Set([...phase.publish.published, fact.data.server])];
  return {
    ...host,
    phase: { status: 'drained', publish: { ...phase.publish, published: servers } },
  };
}

function running(host: DeploymentHost, fact: Of<'puppet.run.requested'>): DeploymentHost {
  const { phase } = host;
  const pending = ask(phase.status === 'running-puppet' ? phase.pending : undefined, fact);
  const next = {
    status: 'running-puppet',
    pending,
    startedAt: undefined,
    query: undefined,
  } as const;
  return { ...counted(host, 'run', pending), phase: next, touched: true };
}

function queried(host: DeploymentHost, fact: Of<'puppet.query.requested'>): DeploymentHost {
  const { phase } = host;
  if (phase.status !== 'running-puppet' && phase.status !== 'verifying') return host;
  return {
    ...withTurn(host, { queries: (host.turn?.queries ?? 0) + 1 }),
    phase: { ...phase, query: once(phase.query, fact) },
  };
}

function publishing(
  host: DeploymentHost,
  fact: Extract<RunFact, { type: 'puppet.publish.requested' }>,
): DeploymentHost {
  const before = host.phase.status === 'drained' ? host.phase.publish : undefined;
  const pending = ask(before, fact);
  const published = before?.requestId === pending.requestId ? before.published : [];
  const phase = { status: 'drained', publish: { ...pending, published } } as const;
  return { ...counted(host, 'publish', pending), phase, touched: true };
}
