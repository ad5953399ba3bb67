import { assertNever } from '../assert-never.js';
import type { RefreshFact } from './facts.js';
import type { RefreshHost, RefreshState } from './state.js';

/** The state after the fact. Total, never throws. */
export function evolveRefresh(state: RefreshState, fact: RefreshFact): RefreshState {
  if (fact.type === 'refresh.requested') {
    const { noop, concurrency, hosts } = fact.data;
    return {
      status: 'running',
      noop,
      concurrency,
      at: fact.at,
      hosts: hosts.map((host) => ({
        host,
        status: 'queued',
        requestId: undefined,
        epoch: 0,
        requestedAt: fact.at,
        askedAt: fact.at,
        startedAt: undefined,
        asks: 0,
        queries: 0,
      })),
    };
  }
  if (state.status !== 'running') return state;
  if (fact.type === 'refresh.completed') return { status: 'completed', hosts: state.hosts };
  const hosts = state.hosts.map((h) => (h.host === fact.data.host ? evolveHost(h, fact) : h));
  return { ...state, hosts, at: fact.at };
}

function evolveHost(
  host: RefreshHost,
  fact: Exclude<RefreshFact, { type: 'refresh.requested' | 'refresh.completed' }>,
): RefreshHost {
  switch (fact.type) {
    case 'refresh.host-reserved':
      return { ...host, status: 'running', epoch: fact.data.epoch, askedAt: fact.at };
    case 'puppet.run.requested':
      return {
        ...host,
        requestId: fact.data.requestId,
        requestedAt: fact.at,
        askedAt: fact.at,
        startedAt: undefined,
        asks: 0,
      };
    case 'puppet.query.requested':
      return { ...host, askedAt: fact.at, asks: host.asks + 1, queries: host.queries + 1 };
    case 'refresh.host-run-started':
      return { ...host, startedAt: fact.at, asks: 0 };
    case 'refresh.host-run-finished':
      return { ...host, status: fact.data.verdict.kind === 'converged' ? 'converged' : 'failed' };
    case 'refresh.host-failed':
      return { ...host, status: 'failed' };
    default:
      return assertNever(fact);
  }
}
