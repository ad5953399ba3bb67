import type { Certname, RequestId } from '@gantry/contracts';
import { assertNever } from '../assert-never.js';
import type { Fact } from '../decision.js';

/** Events of a refresh's stream. */
export type RefreshFact = Fact<
  | 'refresh.requested'
  | 'refresh.host-reserved'
  | 'puppet.run.requested'
  | 'puppet.query.requested'
  | 'refresh.host-run-started'
  | 'refresh.host-run-finished'
  | 'refresh.host-failed'
  | 'refresh.completed'
>;

/** One host of a refresh. `asks` counts queries to the host's journal. */
export interface RefreshHost {
  readonly host: Certname;
  readonly status: 'queued' | 'running' | 'converged' | 'failed';
  readonly requestId: RequestId | undefined;
  readonly epoch: number;
  readonly askedAt: string;
  readonly startedAt: string | undefined;
  readonly asks: number;
}

/**
 * A refresh: Puppet runs without a deployment, so many at once, each host owned while its run goes on.
 * `none` -> `running` -> `completed`.
 */
export type RefreshState =
  | { readonly status: 'none' }
  | {
      readonly status: 'running';
      readonly noop: boolean;
      readonly concurrency: number;
      readonly hosts: readonly RefreshHost[];
      readonly at: string;
    }
  | { readonly status: 'completed'; readonly hosts: readonly RefreshHost[] };

/** The state before the first event. */
export const initialRefresh: RefreshState = { status: 'none' };

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
        askedAt: fact.at,
        startedAt: undefined,
        asks: 0,
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
        askedAt: fact.at,
        startedAt: undefined,
        asks: 0,
      };
    case 'puppet.query.requested':
      return { ...host, askedAt: fact.at, asks: host.asks + 1 };
    case 'refresh.host-run-started':
      return { ...host, startedAt: fact.at };
    case 'refresh.host-run-finished':
      return { ...host, status: fact.data.verdict.kind === 'converged' ? 'converged' : 'failed' };
    case 'refresh.host-failed':
      return { ...host, status: 'failed' };
    default:
      return assertNever(fact);
  }
}
