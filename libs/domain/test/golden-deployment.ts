import type { DeploymentFact, DeploymentState } from '../src/index.js';

/** What of a state a golden log promises: not how the code of its day kept it. */
export interface Promised {
  readonly status: string;
  readonly direction: string | null;
  readonly hosts: readonly {
    readonly host: string;
    readonly phase: string;
    readonly out: boolean;
    readonly touched: boolean;
    readonly attempts: number;
  }[];
}

/** A recorded deployment: its events, and what they must fold to, after every fact named in `states`. */
export interface Golden {
  readonly title: string;
  readonly facts: readonly DeploymentFact[];
  /** By the number of facts folded. */
  readonly states: Readonly<Record<string, Promised>>;
}

/** The state as a golden log promises it. */
export function promised(state: DeploymentState): Promised {
  const hosts = 'hosts' in state ? state.hosts : [];
  return {
    status: state.status,
    direction: 'direction' in state ? state.direction : null,
    hosts: hosts.map(({ host, phase, out, touched, attempts }) => ({
      host,
      phase: phase.status,
      out,
      touched,
      attempts,
    })),
  };
}
