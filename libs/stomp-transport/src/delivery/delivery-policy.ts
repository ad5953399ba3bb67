import { backOffMs } from '../connection/back-off.js';
import { describeFault } from './fault.js';

/** What becomes of a message whose handler failed. */
export type DeliveryDecision =
  /** Try again here after a while; the message is held, its group waits. */
  | { readonly action: 'retry'; readonly afterMs: number }
  /** Put it aside with the reason, for a person. */
  | { readonly action: 'park'; readonly reason: string; readonly code?: string }
  /** Forget it. */
  | { readonly action: 'ack' }
  /** Leave it in the queue and take nothing more from that queue until somebody has looked. */
  | { readonly action: 'stop'; readonly reason: string };

/** Decides by the error and by how many attempts there have been (1 after the first). Pure. */
export type DeliveryPolicy = (error: unknown, attempt: number) => DeliveryDecision;

/** Limits of the default policy. */
export interface RetryOptions {
  /** Attempts for `unavailable` and `conflict`. Default 8. */
  readonly maxAttempts?: number;
  /** Attempts for an error that does not say what it is. Default 3. */
  readonly maxUnknownAttempts?: number;
  /** First pause; it doubles. Default 100 ms. */
  readonly minMs?: number;
  /** Longest pause. Default 30 s. */
  readonly maxMs?: number;
}

type Treatment = 'retry' | 'park' | 'stop';
type Kind =
  'invalid' | 'not-found' | 'conflict' | 'unavailable' | 'rejected' | 'corrupt' | 'config' | 'bug';

const TREATMENT: Readonly<Record<Kind, Treatment>> = {
  invalid: 'park',
  'not-found': 'park',
  conflict: 'retry',
  unavailable: 'retry',
  rejected: 'park',
  corrupt: 'stop',
  config: 'park',
  bug: 'park',
};

/** The default policy: what passes is retried with growing, jittered pauses, what does not is parked, and corruption stops the queue. */
export function deliveryPolicy(
  options: RetryOptions = {},
  random: () => number = Math.random,
): DeliveryPolicy {
  const limits = { minMs: options.minMs ?? 100, maxMs: options.maxMs ?? 30_000 };
  const maxAttempts = options.maxAttempts ?? 8;
  const maxUnknownAttempts = options.maxUnknownAttempts ?? 3;
  return (error, attempt) => {
    const { kind, code, message } = describeFault(error);
    const treatment = isKind(kind) ? TREATMENT[kind] : 'retry';
    if (treatment === 'stop') return { action: 'stop', reason: message };
    const tries = isKind(kind) ? maxAttempts : maxUnknownAttempts;
    if (treatment === 'park' || attempt >= tries) return { action: 'park', code, reason: message };
    return { action: 'retry', afterMs: backOffMs(attempt, limits, random) };
  };
}

function isKind(kind: string | undefined): kind is Kind {
  return kind !== undefined && Object.hasOwn(TREATMENT, kind);
}
