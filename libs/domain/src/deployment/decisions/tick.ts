import type { HostStep } from '@gantry/contracts';
import { SILENCE_REACTIONS } from '../../policy/outcome-table.js';
import { reached } from '../../time.js';
import { deadlineOf, isSilent, MAX_ASKS } from '../deadlines.js';
import type { Draft } from '../draft.js';
import { isSurveying, type HostPhase } from '../state.js';
import {
  requestDrain,
  requestEnable,
  requestPoolSurvey,
  requestPublish,
  requestQuery,
  requestRun,
  repeatHostSurvey,
  type HostInFlight,
} from '../steps.js';
import { arePoolsUnread, asksAgain, silentHosts } from '../survey.js';
import { react, stopsHere } from '../turn-end.js';

/** Time has passed: hosts whose answer is late are asked again, delayed steps are taken up. */
export function onTick(draft: Draft): void {
  surveyAgain(draft);
  for (const { host: name } of draft.rollout()?.hosts ?? []) {
    const host = draft.inFlight(name);
    const rollout = draft.rollout();
    if (rollout === undefined || host === undefined) continue;
    const deadline = deadlineOf(rollout, host);
    if (deadline !== undefined && reached(deadline, draft.now)) late(draft, host);
  }
}

/** Whoever has not answered the survey is asked again, and once more when the question was cut off. */
function surveyAgain(draft: Draft): void {
  const { state, meta } = draft;
  if (!isSurveying(state)) return;
  const { hostsAsked, poolsAsked } = state;
  const silent = silentHosts(state);
  if (silent.length > 0 && asksAgain(hostsAsked, meta)) repeatHostSurvey(draft, state, silent);
  if (arePoolsUnread(state) && poolsAsked && asksAgain(poolsAsked, meta)) requestPoolSurvey(draft);
}

/** Asked again is the same request under its own id: whoever has done it already answers from what it sees. */
function late(draft: Draft, host: HostInFlight): void {
  const { phase } = host;
  switch (phase.status) {
    case 'draining':
      // A drain that may have been lost is not sent after a person said stop: putting the host back settles it as well.
      if (stopsHere(draft, host)) return;
      if (isSilentNow(draft, host)) silent(draft, host, 'drain');
      else requestDrain(draft, host, phase.pending);
      return;
    case 'drained':
      if (stopsHere(draft, host)) return;
      if (isSilentNow(draft, host)) silent(draft, host, 'publish');
      else requestPublish(draft, host, phase.publish);
      return;
    case 'running-puppet':
      query(draft, host, 'run', phase);
      return;
    case 'verifying':
      query(draft, host, 'verify', phase);
      return;
    case 'enabling':
      if (isSilentNow(draft, host)) silent(draft, host, 'enable');
      else requestEnable(draft, host, phase.pending);
      return;
    case 'delayed':
      takeUp(draft, host, phase.step);
      return;
    case 'reserving':
    case 'queued':
    case 'done':
    case 'failed':
    case 'skipped':
      return;
  }
}

/** Never repeated blindly, never assumed failed: the host's journal is asked what became of the command. */
function query(
  draft: Draft,
  host: HostInFlight,
  step: 'run' | 'verify',
  phase: Extract<HostPhase, { status: 'running-puppet' | 'verifying' }>,
): void {
  if (isSilentNow(draft, host)) silent(draft, host, step);
  else requestQuery(draft, host, phase.pending.requestId);
}

function isSilentNow(draft: Draft, host: HostInFlight): boolean {
  const rollout = draft.rollout();
  return rollout !== undefined && isSilent(rollout, host, draft.meta);
}

function silent(draft: Draft, host: HostInFlight, step: Exclude<HostStep, 'reserve'>): void {
  const reason = `no answer to the ${step} request, asked ${MAX_ASKS} times or more`;
  react(draft, host, { step, reaction: SILENCE_REACTIONS[step], reason });
}

function takeUp(draft: Draft, host: HostInFlight, step: HostStep): void {
  if (step === 'enable') {
    requestEnable(draft, host);
    return;
  }
  if (stopsHere(draft, host)) return;
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
  }
}
