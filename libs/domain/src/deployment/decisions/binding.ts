import { ignored, type Decision } from '../../decision.js';
import type { HeldBack } from '../../policy/may-start.js';
import { clip } from '../../text.js';
import { attentionKeyOfDeployment } from '../attention-keys.js';
import { stoppedItem } from '../attention.js';
import type { Draft } from '../draft.js';
import type { DeploymentFact } from '../facts.js';
import type { Rollout } from '../state.js';

/** Whether it may take its next host; what binds it, and when that ends as far as is known. */
export type RunningBinding =
  | { readonly goOn: true }
  | ({ readonly goOn: false } & Pick<HeldBack, 'id' | 'what' | 'who' | 'notBefore'>);

/** What binds it while it runs: it stops before its next host, and goes on by itself when that has ended. Going back is never held. */
export function decideBinding(
  draft: Draft,
  verdict: RunningBinding,
): Decision<DeploymentFact> | undefined {
  const state = draft.rollout();
  if (state === undefined) return ignored('it has not begun, or has ended');
  if (verdict.goOn) return release(draft, state);
  if (state.status !== 'running') return ignored(`the deployment is ${state.status}`);
  if (!state.hosts.some((h) => h.phase.status === 'queued'))
    return ignored('every host has its turn already');
  hold(draft, state, verdict);
  return undefined;
}

function hold(
  draft: Draft,
  { target }: Rollout,
  held: Extract<RunningBinding, { goOn: false }>,
): void {
  const { id, what, who, notBefore } = held;
  const ends = notBefore === undefined ? '' : `; it goes on by itself at ${notBefore}`;
  const reason = clip(`${what}, by ${who}${ends}`, 2_000);
  draft.emit('deployment.paused', { because: 'held', reason, binding: id });
  draft.emitBeside('attention.opened', {
    ...stoppedItem(draft.id, target, reason),
    todo: 'It goes on by itself when that ends. To go on now in spite of it, resume with a reason; or roll it back, or cancel it.',
  });
}

function release(draft: Draft, state: Rollout): Decision<DeploymentFact> | undefined {
  if (state.status !== 'paused' || state.heldBy === undefined) return ignored('nothing holds it');
  const reason = `${state.heldBy} has ended`;
  draft.emit('deployment.resumed', { reason, because: 'binding-ended' });
  draft.emitBeside('attention.closed', {
    key: attentionKeyOfDeployment(draft.id),
    because: reason,
  });
  return undefined;
}
