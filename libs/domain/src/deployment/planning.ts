import { Sha256 } from '@gantry/contracts';
import { canonicalJson } from '../canonical-json.js';
import { clip } from '../text.js';
import { mayBeLost, plusMs, reached } from '../time.js';
import type { Draft } from './draft.js';
import { planOf } from './planner.js';
import type { Requested } from './state.js';
import { ALREADY_THERE } from './skip-reasons.js';
import { SURVEY_MS } from './timing.js';

/** Makes the plan once everybody has answered or the time for it is over; starts it, or refuses with nothing done. */
export function planNow(draft: Draft, state: Requested): void {
  const everybody = state.target.hosts.every((h) => state.surveyed[h.host] !== undefined);
  const pools = state.pools !== undefined || state.target.pools.length === 0;
  const late =
    reached(plusMs(state.surveyAskedAt, SURVEY_MS), draft.now) &&
    !mayBeLost(state.surveyAskedAt, draft.meta.heardSince);
  if (!(everybody && pools) && !late) return;
  const unread = pools ? [] : state.target.pools.map(({ pool }) => ({ pool, reason: NO_ANSWER }));
  const plan = planOf({ ...state, unreadable: [...state.unreadable, ...unread] });
  const stops = plan.findings.filter(
    (f) => f.severity === 'block' || (f.severity === 'confirm' && !state.accept.includes(f.code)),
  );
  if (stops.length > 0) {
    draft.emit('deployment.refused', { findings: plan.findings });
    return;
  }
  const planHash = Sha256.parse(draft.meta.sha256(canonicalJson(plan)));
  draft.emit('deployment.planned', { planHash, plan });
  draft.emit('deployment.started', {});
  for (const { host, action } of plan.hosts) {
    const reason = skipReason(state, host, action);
    if (reason !== undefined) draft.emit('deployment.host-skipped', { host, reason });
  }
}

const NO_ANSWER = 'no answer from lb-controller in time';

function skipReason(
  state: Requested,
  host: string,
  action: 'deploy' | 'already-there',
): string | undefined {
  if (action === 'already-there') return ALREADY_THERE;
  const surveyed = state.surveyed[host];
  if (surveyed === undefined) return 'did not answer when the plan was made';
  return surveyed.disabled === null
    ? undefined
    : clip(`Puppet is disabled: ${surveyed.disabled}`, 500);
}
