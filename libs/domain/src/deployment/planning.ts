import { Sha256, type DeploymentPlan } from '@gantry/contracts';
import { canonicalJson } from '../canonical-json.js';
import { clip } from '../text.js';
import { askForApproval } from './approval.js';
import type { Draft } from './draft.js';
import { planOf } from './planner.js';
import type { Requested, Surveying } from './state.js';
import { ALREADY_THERE } from './skip-reasons.js';
import { arePoolsUnread, mayAnswer, silentHosts } from './survey.js';

/** Makes the plan once everybody has answered or the time for it is over; starts it, has people asked, or refuses with nothing done. */
export function planNow(draft: Draft, state: Requested): void {
  const made = planWhenAnswered(draft, state);
  if (made === undefined) return;
  if (made.stops) {
    draft.emit('deployment.refused', { findings: made.plan.findings });
    return;
  }
  const { plan, planHash } = made;
  draft.emit('deployment.planned', { planHash, plan });
  if (state.target.approval === undefined) begin(draft, state, plan);
  else askForApproval(draft, state.target, planHash);
}

/** A plan, the hash that stands for it, and whether something in it stops it. */
interface Made {
  readonly plan: DeploymentPlan;
  readonly planHash: Sha256;
  readonly stops: boolean;
}

/** The plan as the world is now; undefined while it has not answered and still may. */
export function planWhenAnswered(draft: Draft, state: Surveying): Made | undefined {
  if (silentHosts(state).length > 0 && mayAnswer(state.hostsAsked, draft.meta)) return undefined;
  if (arePoolsUnread(state) && mayAnswer(state.poolsAsked, draft.meta)) return undefined;
  const unread = arePoolsUnread(state) ? state.target.pools : [];
  const noAnswer = unread.map(({ pool }) => ({ pool, reason: NO_ANSWER }));
  const plan = planOf({ ...state, unreadable: [...state.unreadable, ...noAnswer] });
  const stops = plan.findings.some(
    (f) => f.severity === 'block' || (f.severity === 'confirm' && !state.accept.includes(f.code)),
  );
  return { plan, planHash: hashOf(draft, state, plan), stops };
}

/** Over everything that would be done: the same hosts in the same order with another build are another plan, and so is another deployment. */
const hashOf = (draft: Draft, { target }: Surveying, plan: DeploymentPlan): Sha256 =>
  Sha256.parse(draft.meta.sha256(canonicalJson({ deployment: draft.id, target, plan })));

const NO_ANSWER = 'no answer from lb-controller in time';

/** The rollout begins. */
export function begin(draft: Draft, state: Surveying, plan: DeploymentPlan): void {
  draft.emit('deployment.started', {});
  for (const { host, action } of plan.hosts) {
    const reason = skipReason(state, host, action);
    if (reason !== undefined) draft.emit('deployment.host-skipped', { host, reason });
  }
}

function skipReason(
  state: Surveying,
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
