import { ignored, type Decision } from '../../decision.js';
import { some } from '../../text.js';
import { approvalSettled } from '../approval.js';
import { stoppedItem } from '../attention.js';
import type { Draft } from '../draft.js';
import type { DeploymentFact } from '../facts.js';
import type { DeploymentInput } from '../input.js';
import { isRollout, type Rollout } from '../state.js';

type BuildGone = Extract<DeploymentInput, { type: 'build.gone' }>;

/** What is being deployed is in no repository any more: nobody further leaves service for it; who has it keeps it. */
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
  if (state.status !== 'running') return ignored(`the deployment is ${state.status}`);
  const waiting = state.hosts.filter((h) => h.phase.status === 'queued').map((h) => h.host);
  if (waiting.length === 0) return ignored('no host waits for it');
  stop(draft, state, `${what}: ${some(waiting)} would leave service and could not install it`);
  return undefined;
}

function stop(draft: Draft, { target }: Rollout, reason: string): void {
  draft.emit('deployment.paused', { because: 'build-gone', reason });
  draft.emitBeside('attention.opened', {
    ...stoppedItem(draft.id, target, reason),
    todo: 'Roll it back; or publish the same RPM again and resume; or cancel it.',
  });
}
