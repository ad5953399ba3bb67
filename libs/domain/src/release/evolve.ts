import { assertNever } from '../assert-never.js';
import type { ReleaseFact } from './facts.js';
import type { GateRun, ReleaseState, StagePhase, Travelling } from './state.js';

/** The state after the fact. Total, never throws. */
export function evolveRelease(state: ReleaseState, fact: ReleaseFact): ReleaseState {
  if (fact.type === 'release.created')
    return {
      status: 'travelling',
      created: fact.data,
      createdAt: fact.at,
      stage: -1,
      phase: { kind: 'waiting' },
      watch: [],
      hold: undefined,
      pause: undefined,
      attempts: 0,
      since: fact.at,
    };
  if (state.status !== 'travelling') return state;
  return moved(state, fact);
}

type Moving = Exclude<ReleaseFact, { type: 'release.created' }>;

function moved(state: Travelling, fact: Moving): ReleaseState {
  const { pipeline, evr } = state.created;
  switch (fact.type) {
    case 'release.stage-entered':
      return { ...entered(state, fact.data.stage), since: fact.at };
    case 'release.held':
      return { ...state, hold: fact.data };
    case 'release.freed':
      return { ...state, hold: undefined };
    case 'gate.requested':
      return fact.data.moment === 'watch'
        ? { ...state, watch: joined(state.watch, fact), attempts: state.attempts + 1 }
        : { ...state, phase: asked(state, fact), attempts: state.attempts + 1, since: fact.at };
    case 'gate.cancel-requested':
      return state;
    case 'release.gate-finished':
      return fact.data.moment === 'watch'
        ? { ...state, watch: answered(state.watch, fact) }
        : { ...state, phase: phaseAnswered(state.phase, fact), since: fact.at };
    case 'release.deployment-requested':
      return { ...deploying(state, fact), attempts: state.attempts + 1, since: fact.at };
    case 'release.deployment-ended':
      return { ...state, phase: ended(state.phase, fact.data), since: fact.at };
    case 'release.soak-started':
      return { ...state, phase: { kind: 'soaking', until: fact.data.until }, since: fact.at };
    case 'release.stage-passed':
      return { ...state, since: fact.at };
    case 'release.paused':
      return { ...state, pause: { because: fact.data.because }, since: fact.at };
    case 'release.resumed':
      return { ...resumed(state, fact.data.how), since: fact.at };
    case 'release.succeeded':
      return { status: 'succeeded', pipeline, evr };
    case 'release.failed':
      return { status: 'failed', pipeline, evr };
    case 'release.stopped':
      return { status: 'stopped', pipeline, evr };
    case 'release.superseded':
      return { status: 'superseded', pipeline, evr };
    default:
      return assertNever(fact);
  }
}

const entered = (state: Travelling, stage: number): Travelling => ({
  ...state,
  stage,
  phase: { kind: 'waiting' },
  watch: [],
  hold: undefined,
  attempts: 0,
});

/** The gates of one moment are asked together: the first begins its phase, the others join it. */
function asked(state: Travelling, fact: Extract<Moving, { type: 'gate.requested' }>): StagePhase {
  const { phase } = state;
  const moment = phase.kind === 'waiting' || phase.kind === 'before' ? 'before' : 'after';
  return { kind: moment, gates: joined(phase.kind === moment ? phase.gates : [], fact) };
}

/** Asked again under its own id it is the same run. */
function joined(
  known: readonly GateRun[],
  { data, at }: Extract<Moving, { type: 'gate.requested' }>,
): readonly GateRun[] {
  const { gateRunId, gate } = data;
  const again = known.find((g) => g.gateRunId === gateRunId);
  const run: GateRun =
    again === undefined
      ? { gateRunId, gate, askedAt: at, asks: 1, verdict: undefined, answeredAt: undefined }
      : { ...again, askedAt: at, asks: again.asks + 1 };
  return [...known.filter((g) => g.gate !== gate), run];
}

const answered = (
  gates: readonly GateRun[],
  { data, at }: Extract<Moving, { type: 'release.gate-finished' }>,
): readonly GateRun[] =>
  gates.map((g) =>
    g.gateRunId === data.gateRunId ? { ...g, verdict: data.verdict, answeredAt: at } : g,
  );

function phaseAnswered(
  phase: StagePhase,
  fact: Extract<Moving, { type: 'release.gate-finished' }>,
): StagePhase {
  if (phase.kind !== 'before' && phase.kind !== 'after') return phase;
  return { ...phase, gates: answered(phase.gates, fact) };
}

function deploying(
  state: Travelling,
  { data, at }: Extract<Moving, { type: 'release.deployment-requested' }>,
): Travelling {
  const known = state.phase.kind === 'deploying' ? state.phase.deployments : [];
  const { deploymentId, application } = data;
  const one = { deploymentId, application, askedAt: at, outcome: undefined, detail: '' };
  const others = known.filter((d) => d.application !== application);
  return { ...state, hold: undefined, phase: { kind: 'deploying', deployments: [...others, one] } };
}

function ended(
  phase: StagePhase,
  { deploymentId, outcome, detail }: Extract<Moving, { type: 'release.deployment-ended' }>['data'],
): StagePhase {
  if (phase.kind !== 'deploying') return phase;
  const deployments = phase.deployments.map((d) =>
    d.deploymentId === deploymentId ? { ...d, outcome, detail } : d,
  );
  return { ...phase, deployments };
}

/** Accepted: what did not answer counts as passed. Again: what did not pass is asked anew. */
function resumed(state: Travelling, how: 'again' | 'accept'): Travelling {
  const { phase } = state;
  if (phase.kind !== 'before' && phase.kind !== 'after') return { ...state, pause: undefined };
  const gates =
    how === 'accept'
      ? phase.gates.map((g) =>
          g.verdict === 'inconclusive' ? { ...g, verdict: 'pass' as const } : g,
        )
      : phase.gates.filter((g) => g.verdict !== 'inconclusive');
  return { ...state, pause: undefined, phase: { ...phase, gates } };
}
