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
