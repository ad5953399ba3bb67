import type { Certname, RequestId } from '@gantry/contracts';

/** One host of a refresh. `asks` counts the queries to its journal since it was last heard of, `queries` all of them. */
export interface RefreshHost {
  readonly host: Certname;
  readonly status: 'queued' | 'running' | 'converged' | 'failed';
  readonly requestId: RequestId | undefined;
  readonly epoch: number;
  readonly requestedAt: string;
  readonly askedAt: string;
  readonly startedAt: string | undefined;
  readonly asks: number;
  readonly queries: number;
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
