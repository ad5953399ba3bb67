import type { Draft } from './draft.js';
import { continueApproval } from './approved.js';
import { endCancelled, endRollback, endVerified } from './endings.js';
import { planNow } from './planning.js';
import { continueBack, continueForward } from './window.js';

/** What follows from the state as it is now, after every input: plan, start hosts, stop, finish. */
export function advance(draft: Draft): void {
  for (;;) {
    const { status } = draft.state;
    step(draft);
    if (draft.state.status === status) return;
  }
}

function step(draft: Draft): void {
  const { state } = draft;
  switch (state.status) {
    case 'requested':
      planNow(draft, state);
      return;
    case 'awaiting-approval':
      continueApproval(draft, state);
      return;
    case 'planned':
    case 'running':
      continueForward(draft);
      return;
    case 'verifying':
      endVerified(draft, state);
      return;
    case 'cancelling':
      endCancelled(draft, state);
      return;
    case 'rolling-back':
      continueBack(draft);
      endRollback(draft);
      return;
    case 'none':
    case 'paused':
    case 'refused':
    case 'succeeded':
    case 'succeeded-with-failures':
    case 'failed':
    case 'cancelled':
    case 'rolled-back':
    case 'rollback-failed':
    case 'expired':
    case 'superseded':
      return;
  }
}
