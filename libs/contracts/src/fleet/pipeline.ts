import { z } from 'zod';
import { ApplicationName, EnvironmentName, GateName } from '../ids.js';
import { durationMs, HOUR } from './duration.js';

const LONGEST = 30 * 24 * HOUR;

/** One environment on a build's way, and what must hold before and after. */
export const Stage = z.strictObject({
  environment: EnvironmentName,
  /** `approval` = a person other than who asked for the release lets its plan begin. */
  start: z.enum(['automatic', 'approval']).default('automatic'),
  /** Checked before anything is deployed here, all at once. */
  before: z.array(GateName).max(20).default([]),
  /** Checked once it is deployed here, all at once. */
  after: z.array(GateName).max(20).default([]),
  /** Asked again and again while it is deployed and runs here: one that fails stops the release, and its deployment. */
  watch: z.array(GateName).max(20).default([]),
  /** How long after its answer a gate that watches is asked again; half a minute unless told. */
  watchEveryMs: z.int().min(1_000).max(HOUR).optional(),
  /** How long it must have run here before it goes on. */
  soakMs: durationMs(LONGEST).default(0),
});
export type Stage = z.infer<typeof Stage>;

/** A build's way to production. Several applications are released together: each build of it exists for all of them. */
export const Pipeline = z.strictObject({
  applications: z.array(ApplicationName).min(1).max(20),
  stages: z.array(Stage).min(1).max(20),
  /** How long a release should take from its first sight to its end. */
  targetMs: durationMs(LONGEST).default(660_000),
});
export type Pipeline = z.infer<typeof Pipeline>;
