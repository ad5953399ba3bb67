import { z } from 'zod';
import { durationMs, HOUR } from './duration.js';

const canary = { hosts: z.int().min(0).max(1_000), bakeMs: durationMs(HOUR) };
const drain = {
  timeoutMs: durationMs(HOUR),
  maxConnections: z.int().min(0).max(10_000),
  onTimeout: z.enum(['fail', 'force']),
};
const run = { timeoutMs: durationMs(4 * HOUR).min(1_000), waitForLockMs: durationMs(HOUR) };
const scalars = {
  maxOutOfService: z.int().min(1).max(1_000),
  maxUnavailablePercent: z.number().min(1).max(100),
  minPercent: z.number().min(0).max(100),
  absoluteMin: z.int().min(1).max(10_000),
  failureBudget: z.int().min(0).max(1_000),
  onFailure: z.enum(['pause', 'rollback']),
  enableTimeoutMs: durationMs(HOUR).min(1_000),
};

/** What may be changed of a strategy while its rollout goes on, within the same bounds. */
export const RolloutLimits = z
  .object({ maxOutOfService: scalars.maxOutOfService, failureBudget: scalars.failureBudget })
  .partial();
export type RolloutLimits = z.infer<typeof RolloutLimits>;

/** How a rollout goes: who goes first, how many may be out, what happens on failure. */
export const Strategy = z.strictObject({
  canary: z
    .strictObject({ hosts: canary.hosts.default(1), bakeMs: canary.bakeMs.default(0) })
    .prefault({}),
  maxOutOfService: scalars.maxOutOfService.default(1),
  maxUnavailablePercent: scalars.maxUnavailablePercent.default(33),
  minPercent: scalars.minPercent.default(66),
  absoluteMin: scalars.absoluteMin.default(1),
  failureBudget: scalars.failureBudget.default(0),
  onFailure: scalars.onFailure.default('pause'),
  drain: z
    .strictObject({
      timeoutMs: drain.timeoutMs.default(60_000),
      maxConnections: drain.maxConnections.default(0),
      onTimeout: drain.onTimeout.default('fail'),
    })
    .prefault({}),
  enableTimeoutMs: scalars.enableTimeoutMs.default(60_000),
  run: z
    .strictObject({
      timeoutMs: run.timeoutMs.default(1_800_000),
      waitForLockMs: run.waitForLockMs.default(300_000),
    })
    .prefault({}),
});
export type Strategy = z.infer<typeof Strategy>;

/**
 * What a placement changes of its application's strategy. Written without defaults on purpose: `Strategy.partial()` fills
 * every field that is absent (zod applies defaults within optional fields), and a placement that named one number would
 * silently take all others of the application back to their defaults.
 */
export const StrategyOverride = z.strictObject({
  ...z.strictObject(scalars).partial().shape,
  canary: z.strictObject(canary).partial().optional(),
  drain: z.strictObject(drain).partial().optional(),
  run: z.strictObject(run).partial().optional(),
});
export type StrategyOverride = z.infer<typeof StrategyOverride>;
