import { ignored, type Decision } from '../../decision.js';
import { some } from '../../text.js';
import { approvalSettled } from '../approval.js';
import { attentionKeyOfDeployment } from '../attention-keys.js';
import { stoppedItem } from '../attention.js';
import type { Draft } from '../draft.js';
import { BUILD_GONE } from '../evolve.js';
import type { DeploymentFact } from '../facts.js';
import type { DeploymentInput } from '../input.js';
import { isRollout, type Rollout } from '../state.js';

type BuildGone = Extract<DeploymentInput, { type: 'build.gone' }>;

/**
 * What is being deployed is in no repository any more: nobody further leaves service for it, also not when whatever else holds it
 * has ended; who has it keeps it.
 */
export function decideBuildGone(
  draft: Draft,
  { data: { name, evr } }: BuildGone,
): Decision<DeploymentFact> | undefined {
  const state = draft.active();
  if (state === undefined) return ignored('the deployment has ended');
  if (!state.target.packages.some((p) => p.name === name && p.evr === evr))
    return ignored(`it does not deploy ${name}-${evr}`);
  const what = `${name}-${evr} is in no repository any more`;
  if (!isRollout(state)) {
    const todo = 'Publish it again, or deploy another build.';
    const finding = { severity: 'block', code: 'build-gone', message: what, todo } as const;
    draft.emit('deployment.refused', { findings: [finding] });
    if (state.status === 'awaiting-approval') approvalSettled(draft, what);
    return undefined;
  }
  if (state.status !== 'running' && state.status !== 'paused')
    return ignored(`the deployment is ${state.status}`);
  // Told again, it is no news to whoever went on in spite of it.
  if (state.pausedFor === 'build-gone' || state.accept.includes(BUILD_GONE))
    return ignored('it is known');
  const waiting = state.hosts.filter((h) => h.phase.status === 'queued').map((h) => h.host);
  if (waiting.length === 0) return ignored('no host waits for it');
  stop(draft, state, `${what}: ${some(waiting)} would leave service and could not install it`);
  return undefined;
}

function stop(draft: Draft, { target, status }: Rollout, reason: string): void {
  draft.emit('deployment.paused', { because: 'build-gone', reason });
  // What its item says of another pause is not the whole truth any more.
  if (status === 'paused')
    draft.emitBeside('attention.closed', {
      key: attentionKeyOfDeployment(draft.id),
      because: 'its build is gone as well',
    });
  draft.emitBeside('attention.opened', {
    ...stoppedItem(draft.id, target, reason),
    todo: 'Roll it back; or publish the same RPM again and resume; or cancel it.',
  });
}
