import { ignored, refused, type Decision } from '../../decision.js';
import type { DeploymentFact } from '../facts.js';
import { approvalSettled } from '../approval.js';
import type { Draft } from '../draft.js';
import { attentionKeyOfDeployment } from '../attention-keys.js';
import type { DeploymentInput } from '../input.js';
import { rollbackHosts, startRollback } from '../rollback.js';
import { ALLOWED_ACTIONS } from '../status.js';
import { unknownDeployment } from './unknown-deployment.js';
import { stopsHere } from '../turn-end.js';

type People = Extract<
  DeploymentInput,
  {
    data: { readonly reason: string };
    type: `deployment.${'pause' | 'resume' | 'cancel' | 'rollback'}`;
  }
>;
const ACTION = {
  'deployment.pause': 'pause',
  'deployment.resume': 'resume',
  'deployment.cancel': 'cancel',
  'deployment.rollback': 'rollback',
} as const;
/** What the state is after the action: asking again for what is so already has no effect. */
const REACHED = {
  pause: 'paused',
  resume: 'running',
  cancel: 'cancelling',
  rollback: 'rolling-back',
} as const;

/** Pause, resume, cancel, roll back: each with a reason, each only where the table of actions allows it. */
export function decidePeople(draft: Draft, input: People): Decision<DeploymentFact> | undefined {
  const action = ACTION[input.type];
  const { status } = draft.state;
  if (status === 'none') return unknownDeployment(draft.id);
  if (action === 'pause' && draft.rollout()?.heldBy !== undefined) {
    pauseForGood(draft, input.data.reason);
    return undefined;
  }
  if (status === REACHED[action]) return ignored(`the deployment is ${status} already`);
  if (!ALLOWED_ACTIONS[status].includes(action)) {
    const allowed = ALLOWED_ACTIONS[status];
    return refused(
      'conflict',
      `cannot-${action}`,
      `a deployment that is ${status} cannot be ${PHRASE[action]}`,
      allowed.length > 0
        ? `Now possible: ${allowed.join(', ')}.`
        : 'It has ended; start a new deployment instead.',
    );
  }
  switch (action) {
    case 'pause':
      draft.emit('deployment.paused', { because: 'person', reason: input.data.reason });
      return undefined;
    case 'resume':
      draft.emit('deployment.resumed', { reason: input.data.reason });
      draft.emitBeside('attention.closed', {
        key: attentionKeyOfDeployment(draft.id),
        because: 'resumed by a person',
      });
      return undefined;
    case 'cancel':
      cancel(draft, input.data.reason);
      return undefined;
    case 'rollback':
      return rollback(draft, input.data.reason);
  }
}

/** Held by a rule it would go on by itself; a person wants it to stay. */
function pauseForGood(draft: Draft, reason: string): void {
  draft.emit('deployment.paused', { because: 'person', reason });
  draft.emitBeside('attention.closed', {
    key: attentionKeyOfDeployment(draft.id),
    because: 'paused by a person',
  });
}

const PHRASE = {
  pause: 'paused',
  resume: 'resumed',
  cancel: 'cancelled',
  rollback: 'rolled back',
} as const;

/** No further host is touched; hosts that were not given a command yet go back in service unchanged. */
function cancel(draft: Draft, reason: string): void {
  const { status } = draft.state;
  if (status === 'requested' || status === 'awaiting-approval') {
    draft.emit('deployment.cancelled', {});
    if (status === 'awaiting-approval') approvalSettled(draft, 'cancelled by a person');
    return;
  }
  draft.emit('deployment.cancel-requested', { reason });
  draft.emitBeside('attention.closed', {
    key: attentionKeyOfDeployment(draft.id),
    because: 'cancelled by a person',
  });
  for (const { host } of draft.rollout()?.hosts ?? []) {
    const now = draft.inFlight(host);
    if (now?.phase.status === 'delayed' && now.phase.step !== 'enable') stopsHere(draft, now);
  }
}

function rollback(draft: Draft, reason: string): Decision<DeploymentFact> | undefined {
  const state = draft.rollout();
  if (state === undefined || rollbackHosts(state).length === 0) {
    return refused(
      'conflict',
      'nothing-to-roll-back',
      'no host was changed by this deployment',
      'Cancel it instead.',
    );
  }
  startRollback(draft, 'person', reason);
  return undefined;
}
