import type { ApplicationName, DeploymentId } from '@gantry/contracts';
import { plusMs, reached } from '../time.js';
import type { ReleaseDraft } from './draft.js';
import { askGates, askWatching, cancelGates, type Moment } from './gates.js';
import { isBusy, stageOf, type GateRun, type ReleaseDeployment, type Travelling } from './state.js';

/** Goes as far as it can go now. Each step emits something, or the release has come to a place where it waits. */
export function advance(draft: ReleaseDraft): void {
  for (let state = draft.travelling(); state !== undefined; state = draft.travelling()) {
    const before = draft.facts.length;
    step(draft, state);
    if (draft.facts.length === before) return;
  }
}

function step(draft: ReleaseDraft, state: Travelling): void {
  const { newer } = draft.sight;
  if (state.stage < 0) enter(draft, state);
  else if (newer !== undefined && !isBusy(state)) superseded(draft, newer);
  else if (!isLost(draft, state) && state.pause === undefined) within(draft, state);
}

/** A pause keeps a release from going on, not from being watched: what it has deployed runs all the same. */
function isLost(draft: ReleaseDraft, state: Travelling): boolean {
  const watching = state.watch.find((g) => g.verdict === 'fail');
  if (watching === undefined) {
    askWatching(draft);
    return false;
  }
  fail(draft, state, `the gate ${watching.gate}, which watches, failed`);
  return true;
}

function within(draft: ReleaseDraft, state: Travelling): void {
  const { phase } = state;
  switch (phase.kind) {
    case 'waiting':
      begin(draft, state);
      break;
    case 'before':
    case 'after':
      judge(draft, state, phase.kind, phase.gates);
      break;
    case 'deploying':
      deployed(draft, state);
      break;
    case 'soaking':
      if (reached(phase.until, draft.now)) pass(draft, state);
      break;
  }
}

/** The next stage that is not left out, or the end. */
function enter(draft: ReleaseDraft, { created, stage }: Travelling): void {
  const next = created.stages.findIndex((s, index) => index > stage && !s.skipped);
  const environment = created.stages[next]?.environment;
  if (environment === undefined) draft.emit('release.succeeded', {});
  else draft.emit('release.stage-entered', { stage: next, environment });
}

function superseded(draft: ReleaseDraft, newer: NonNullable<ReleaseDraft['sight']['newer']>): void {
  cancelGates(draft, `superseded by ${newer.evr}`);
  draft.dismissPerson(`superseded by ${newer.evr}`);
  draft.emit('release.superseded', newer);
}

function begin(draft: ReleaseDraft, state: Travelling): void {
  if (draft.sight.stage !== state.stage || isHeld(draft, state)) return;
  if (stageOf(state).before.length > 0) askGates(draft, 'before');
  else deploy(draft, state);
}

/** What holds is told once, and again when it is something else. */
function isHeld(draft: ReleaseDraft, { hold: told }: Travelling): boolean {
  const { hold } = draft.sight;
  if (hold === undefined) {
    if (told !== undefined) draft.emit('release.freed', {});
    return false;
  }
  if (told?.rule !== hold.rule || told.detail !== hold.detail) draft.emit('release.held', hold);
  return true;
}

function judge(
  draft: ReleaseDraft,
  state: Travelling,
  moment: Moment,
  gates: readonly GateRun[],
): void {
  const failed = gates.find((g) => g.verdict === 'fail');
  if (failed !== undefined) {
    fail(draft, state, `the gate ${failed.gate} failed`);
    return;
  }
  if (gates.length < stageOf(state)[moment].length) {
    askGates(draft, moment);
    return;
  }
  if (gates.some((g) => g.verdict === undefined)) return;
  const open = gates.find((g) => g.verdict === 'inconclusive');
  if (open !== undefined) {
    inconclusive(draft, state, open);
    return;
  }
  if (moment === 'after') {
    soak(draft, state);
    return;
  }
  // It may have closed while the gates were asked.
  if (!isHeld(draft, state)) deploy(draft, state);
}

function inconclusive(draft: ReleaseDraft, state: Travelling, { gate }: GateRun): void {
  const { pipeline, evr } = state.created;
  const { environment } = stageOf(state);
  draft.emit('release.paused', {
    because: 'inconclusive',
    gate,
    detail: `the gate ${gate} says neither yes nor no`,
  });
  draft.callPerson(
    `${pipeline} ${evr} stands in ${environment}: the gate ${gate} says neither yes nor no`,
    'Its evidence is with the release.',
    `Ask again: gantry release-resume ${draft.id} --reason ...; take it as passed: add --accept; or gantry release-stop ${draft.id} --reason ...`,
  );
}

function deploy(draft: ReleaseDraft, state: Travelling): void {
  const { created, stage, phase } = state;
  const again = phase.kind === 'deploying' ? phase.deployments : [];
  for (const { application } of created.applications) {
    const known = again.find((d) => d.application === application);
    if (known !== undefined && known.outcome !== 'busy') continue;
    const attempts = draft.travelling()?.attempts ?? 0;
    const deploymentId = draft.uuid('deployment', stage, application, attempts) as DeploymentId;
    requestDeployment(draft, state, { deploymentId, application });
  }
}

/** Asks for a deployment of the stage, for the first time or under the same id again. */
export function requestDeployment(
  draft: ReleaseDraft,
  state: Travelling,
  { deploymentId, application }: Pick<ReleaseDeployment, 'deploymentId' | 'application'>,
): void {
  const { evr, requester } = state.created;
  const { environment, start } = stageOf(state);
  draft.emit('release.deployment-requested', {
    ...{ deploymentId, releaseId: draft.id, stage: state.stage, environment, evr },
    application: application as ApplicationName,
    needsApproval: start === 'approval',
    requester: requester ?? null,
  });
}

function deployed(draft: ReleaseDraft, state: Travelling): void {
  if (state.phase.kind !== 'deploying' || isBusy(state)) return;
  const { deployments } = state.phase;
  const wrong = deployments.find((d) => d.outcome !== 'succeeded' && d.outcome !== 'busy');
  if (wrong !== undefined) {
    const why = wrong.detail === '' ? '' : `: ${wrong.detail}`;
    const ended = `the deployment of ${wrong.application} ended ${wrong.outcome ?? ''}${why}`;
    fail(draft, state, ended.slice(0, 1_000));
    return;
  }
  if (deployments.some((d) => d.outcome === 'busy')) {
    if (!isHeld(draft, state) && reached(plusMs(state.since, BUSY_MS), draft.now))
      deploy(draft, state);
    return;
  }
  if (stageOf(state).after.length > 0) askGates(draft, 'after');
  else soak(draft, state);
}

/** How long it waits before it asks again for a deployment that could not be taken. */
const BUSY_MS = 10_000;

function soak(draft: ReleaseDraft, state: Travelling): void {
  const { soakMs } = stageOf(state);
  if (soakMs === 0) pass(draft, state);
  else draft.emit('release.soak-started', { stage: state.stage, until: plusMs(draft.now, soakMs) });
}

function pass(draft: ReleaseDraft, { stage }: Travelling): void {
  cancelGates(draft, 'the stage is passed');
  draft.emit('release.stage-passed', { stage });
  const state = draft.travelling();
  if (state !== undefined) enter(draft, state);
}

function fail(draft: ReleaseDraft, { stage }: Travelling, because: string): void {
  cancelGates(draft, because);
  draft.dismissPerson(because);
  draft.emit('release.failed', { stage, because });
}
