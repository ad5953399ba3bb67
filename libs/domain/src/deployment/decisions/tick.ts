import type { HostStep } from '@gantry/contracts';
import { SILENCE_REACTIONS } from '../../policy/outcome-table.js';
import { reached } from '../../time.js';
import type { Draft } from '../draft.js';
import { deadlineOf, MAX_ASKS } from '../deadlines.js';
import { isOvertaken, leaveForward } from '../rollback.js';
import {
  requestDrain,
  requestEnable,
  requestPublish,
  requestQuery,
  requestRun,
  type HostInFlight,
} from '../steps.js';
import { fail, giveUpUnchanged } from '../turn-end.js';
import type { Pending } from '../state.js';

/** Time has passed: hosts whose answer is late are asked again, delayed steps are taken up. */
export function onTick(draft: Draft): void {
  for (const { host: name } of draft.rollout()?.hosts ?? []) {
    const host = draft.host(name);
    const rollout = draft.rollout();
    if (rollout === undefined || host?.turn === undefined) continue;
    const deadline = deadlineOf(rollout, host);
    if (deadline !== undefined && reached(deadline, draft.now))
      late(draft, { ...host, turn: host.turn });
  }
}

function late(draft: Draft, host: HostInFlight): void {
  const { phase } = host;
  switch (phase.status) {
    case 'reserving':
      requestDrain(draft, host);
      return;
    case 'draining':
      again(draft, host, 'drain', phase.pending, requestDrain);
      return;
    case 'drained':
      if (phase.publish === undefined) requestPublish(draft, host);
      else again(draft, host, 'publish', phase.publish, requestPublish);
      return;
    case 'running-puppet':
      query(draft, host, 'run', phase);
      return;
    case 'verifying':
      query(draft, host, 'verify', phase);
      return;
    case 'enabling':
      again(draft, host, 'enable', phase.pending, requestEnable);
      return;
    case 'delayed':
      takeUp(draft, host, phase.step);
      return;
    case 'queued':
    case 'done':
    case 'failed':
    case 'skipped':
      return;
  }
}

/** The same request under its own id: whoever has done it already answers from what it sees. */
function again(
  draft: Draft,
  host: HostInFlight,
  step: 'drain' | 'publish' | 'enable',
  pending: Pending,
  request: (draft: Draft, host: HostInFlight, again: Pending) => void,
): void {
  if (pending.asks < MAX_ASKS) request(draft, host, pending);
  else silent(draft, host, step);
}

/** Never repeated blindly, never assumed failed: the host's journal is asked what became of the command. */
function query(
  draft: Draft,
  host: HostInFlight,
  step: 'run' | 'verify',
  phase: { readonly pending: Pending; readonly query: Pending | undefined },
): void {
  const asks = phase.query?.asks ?? 0;
  if (asks < MAX_ASKS) requestQuery(draft, host, phase.pending.requestId, asks + 1);
  else silent(draft, host, step);
}

function silent(draft: Draft, host: HostInFlight, step: Exclude<HostStep, 'reserve'>): void {
  const reaction = SILENCE_REACTIONS[step];
  const reason = `no answer to the ${step} request, asked ${MAX_ASKS} times`;
  if (isOvertaken(draft, host)) leaveForward(draft, host);
  else if (reaction.do === 'give-up-unchanged')
    giveUpUnchanged(draft, host, { step, reason }, reaction.class);
  else fail(draft, host, { step, reaction, reason }, reaction.class);
}

function takeUp(draft: Draft, host: HostInFlight, step: HostStep): void {
  switch (step) {
    case 'reserve':
    case 'drain':
      requestDrain(draft, host);
      return;
    case 'publish':
      requestPublish(draft, host);
      return;
    case 'run':
    case 'verify':
      requestRun(draft, host);
      return;
    case 'enable':
      requestEnable(draft, host);
      return;
  }
}
