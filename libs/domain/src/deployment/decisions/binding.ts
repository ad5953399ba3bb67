import { ignored, type Decision } from '../../decision.js';
import type { HeldBack } from '../../policy/may-start.js';
import type { RunningVerdict } from '../../policy/when-window-closes.js';
import { clip } from '../../text.js';
import { attentionKeyOfDeployment } from '../attention-keys.js';
import { stoppedItem } from '../attention.js';
import type { Draft } from '../draft.js';
import type { DeploymentFact } from '../facts.js';
import type { Rollout } from '../state.js';

/** What binds it while it runs: it stops before its next host, and goes on by itself when that has ended. Going back is never held. */
export function decideBinding(
  draft: Draft,
  verdict: RunningVerdict,
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

function hold(draft: Draft, { target }: Rollout, held: HeldBack): void {
  const { id, what, who, notBefore } = held;
  const ends = notBefore === undefined ? 'when that ends' : `at ${notBefore}`;
  const reason = clip(`${what}, by ${who}; it goes on by itself ${ends}`, 2_000);
  draft.emit('deployment.paused', { because: 'held', reason, binding: id });
  draft.emitBeside('attention.opened', {
    ...stoppedItem(draft.id, target, reason),
    todo: 'Nothing has to be done. To go on now in spite of it, resume with a reason; or roll it back, or cancel it.',
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
