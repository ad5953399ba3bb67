import type { HoldScope, HoldTerms } from '@gantry/contracts';
import type { z } from 'zod';
/** What a person asks for when deploying. `accept` lists the codes of the findings they have read. */
export interface DeploymentRequest {
  readonly application: string;
  readonly environment: string;
  readonly evr: string;
  readonly reason: string;
  readonly accept?: readonly string[];
  readonly confirmEnvironment?: string;
}

/** Puppet runs without a deployment. */
export interface RefreshRequest {
  readonly hosts: readonly string[];
  readonly reason: string;
  readonly noop?: boolean;
  readonly concurrency?: number;
}

/** Which deployments to list. */
export interface DeploymentFilter {
  readonly application?: string;
  readonly environment?: string;
  readonly limit?: number;
}

/** Options of a call that changes something. */
export interface CommandOptions {
  /** Made by the client when absent; the same key never makes a second deployment. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

/** Options of a watch: where to go on from, and how to stop it. */
export interface WatchOptions {
  /** Position of the last event already seen; absent = from the first. */
  readonly from?: string;
  readonly signal?: AbortSignal;
  /** Called when the connection was lost and is tried again. */
  readonly onReconnect?: (why: string) => void;
}

/** A build to be sent on its way; a hotfix names the environments it leaves out. */
export interface ReleaseRequest {
  readonly pipeline: string;
  readonly evr: string;
  readonly skip?: readonly string[];
  readonly reason: string;
}

/** What to hold back, on what, why, and until when. */
export interface HoldRequest {
  readonly rule: HoldTerms;
  readonly scope: z.input<typeof HoldScope>;
  readonly reason: string;
  readonly until?: string;
}
