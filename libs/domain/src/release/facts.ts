import type { Fact } from '../decision.js';

/** Events of a release's stream. */
export type ReleaseFact = Fact<
  | 'release.created'
  | 'release.stage-entered'
  | 'release.held'
  | 'release.freed'
  | 'gate.requested'
  | 'gate.cancel-requested'
  | 'release.gate-finished'
  | 'release.deployment-requested'
  | 'release.deployment-ended'
  | 'release.soak-started'
  | 'release.stage-passed'
  | 'release.paused'
  | 'release.resumed'
  | 'release.succeeded'
  | 'release.failed'
  | 'release.stopped'
  | 'release.superseded'
>;
