import { attentionProjection } from './attention.projection.js';
import { buildProjection } from './build.projection.js';
import { deploymentProjection } from './deployment.projection.js';
import { fleetProjection } from './fleet.projection.js';
import { holdProjection } from './hold.projection.js';
import { hostProjection } from './host.projection.js';
import type { Projection } from './projection.js';
import { releaseProjection } from './release.projection.js';
import { refreshProjection } from './refresh.projection.js';

/** Every read model that follows the log. */
export const PROJECTIONS: readonly Projection<unknown>[] = [
  deploymentProjection,
  refreshProjection,
  hostProjection,
  fleetProjection,
  buildProjection,
  attentionProjection,
  releaseProjection,
  holdProjection,
];

/** Events that change no read model: they are read in the log itself. */
export const NOT_PROJECTED: ReadonlySet<string> = new Set([
  'fleet.rejected',
  'build.inspected',
  'fleet.change-held',
  'fleet.change-accepted',
  'parked.decided',
  'listener.resync-requested',
  'listener.resynced',
  'listener.enrolled',
  'puppet.resync.requested',
  'access.refused',
  'pipeline.release-announced',
]);
