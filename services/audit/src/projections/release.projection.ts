import { ActorId, ReleaseId } from '@gantry/contracts';
import { latest } from '@gantry/domain';
import type { LogEvent } from './log-event.js';
import { existing, handle, type Handlers, type Projection } from './projection.js';
import type { ReleaseRecord, StageRecord } from './release.record.js';
import { isWatch, marked, nowhere, stageChanged, withLines } from './release-stages.js';

type ReleaseEventType =
  | 'release.created'
  | 'release.stage-entered'
  | 'release.held'
  | 'release.freed'
  | 'gate.requested'
  | 'gate.cancel-requested'
  | 'release.gate-finished'
  | 'release.deployment-requested'
  | 'release.deployment-ended'
  | 'release.soak-started'
  | 'release.stage-passed'
  | 'release.paused'
  | 'release.resumed'
  | 'release.succeeded'
  | 'release.failed'
  | 'release.stopped'
  | 'release.superseded';
type View = ReleaseRecord;

const HANDLERS: Handlers<ReleaseEventType, View> = {
  'release.created': (view) => view,
  'release.stage-entered': (view, { data, at }) =>
    stageChanged({ ...view, phase: 'waiting', hold: null }, data.stage, {
      state: 'here',
      enteredAt: at,
    }),
  'release.held': (view, { data }) => ({ ...view, hold: data }),
  'release.freed': (view) => ({ ...view, hold: null }),
  'gate.requested': gateRequested,
  'gate.cancel-requested': (view) => view,
  'release.gate-finished': gateFinished,
  'release.deployment-requested': (view, { data }) => ({
    ...stageChanged(view, data.stage, ({ deployments }) => ({
      deployments: [
        ...deployments.filter((d) => d.application !== data.application),
        {
          application: data.application,
          deploymentId: data.deploymentId,
          outcome: null,
          detail: '',
        },
      ],
    })),
    phase: 'deploying',
    hold: null,
  }),
  'release.deployment-ended': (view, { data }) =>
    stageChanged(view, data.stage, ({ deployments }) => ({
      deployments: deployments.map((d) =>
        d.deploymentId === data.deploymentId
          ? { ...d, outcome: data.outcome, detail: data.detail }
          : d,
      ),
    })),
  'release.soak-started': (view, { data }) => ({
    ...stageChanged(view, data.stage, { soakUntil: data.until }),
    phase: 'soaking',
  }),
  'release.stage-passed': (view, { data, at }) =>
    stageChanged(view, data.stage, { state: 'passed', endedAt: at }),
  'release.paused': (view, { data }) => ({ ...view, phase: 'paused', because: data.detail }),
  'release.resumed': (view) => ({ ...view, phase: phaseOf(view), because: '' }),
  'release.succeeded': (view, { at }) => over(view, 'succeeded', '', at),
  'release.failed': (view, { data, at }) =>
    over(
      stageChanged(view, data.stage, { state: 'failed', endedAt: at }),
      'failed',
      data.because,
      at,
    ),
  'release.stopped': (view, { data, at, actor }) =>
    over(view, 'stopped', `${actor}: ${data.reason}`, at),
  'release.superseded': (view, { data, at }) =>
    over(view, 'superseded', `${data.evr} is newer (release ${data.by})`, at),
};

/** The read model of releases: one row per release stream. */
export const releaseProjection: Projection<ReleaseRecord> = {
  model: 'release',
  types: new Set(Object.keys(HANDLERS)),
  keys: ({ stream }) => (stream.type === 'release' ? [stream.id] : []),
  apply(row, event) {
    const { version, position } = event;
    if (event.type === 'release.created') return created(event);
    const before = withLines(existing(row, event));
    const after = handle(HANDLERS, before, event);
    return marked({ ...after, movedAt: latest(before.movedAt, event.at), version, position });
  },
};

function created(event: LogEvent<'release.created'>): View {
  const { pipeline, evr, applications, stages, targetMs, publishedAt, reason } = event.data;
  return {
    id: ReleaseId.parse(event.stream.id),
    ...{ pipeline, evr, targetMs, publishedAt, reason },
    status: 'travelling',
    phase: 'waiting',
    applications: applications.map((a) => a.application),
    requestedBy: ActorId.parse(event.actor),
    createdAt: event.at,
    endedAt: null,
    hold: null,
    because: '',
    stages: stages.map(({ environment, start, skipped }) => nowhere(environment, start, skipped)),
    version: event.version,
    position: event.position,
    movedAt: event.at,
  };
}

const hereOf = (view: View): number => view.stages.findIndex((s) => s.state === 'here');

/** Asked again under its own id it is the same run. */
function gateRequested(view: View, { data, at }: LogEvent<'gate.requested'>): View {
  const { gateRunId, gate, spec } = data;
  const moment = data.moment ?? (isDeployedTo(view) ? 'after' : 'before');
  const asked = { verdict: null, summary: '', evidence: {}, startedAt: at, endedAt: null } as const;
  const one = { gate, kind: spec.kind, moment, gateRunId, ...asked } as const;
  const changed = stageChanged(view, hereOf(view), ({ gates }) =>
    gates.some((g) => g.gateRunId === gateRunId)
      ? {}
      : { gates: [...gates.filter((g) => !(isWatch(g) && g.gate === gate)), one] },
  );
  return moment === 'watch' ? changed : { ...changed, phase: 'gates' };
}

const isDeployedTo = (view: View): boolean =>
  (view.stages[hereOf(view)]?.deployments.length ?? 0) > 0;

function gateFinished(view: View, { data }: LogEvent<'release.gate-finished'>): View {
  const { verdict, summary, evidence, startedAt, endedAt } = data;
  return stageChanged(view, data.stage, ({ gates }) => ({
    gates: gates.map((g) =>
      g.gateRunId === data.gateRunId ? { ...g, verdict, summary, evidence, startedAt, endedAt } : g,
    ),
  }));
}

/** What it was doing before it was paused. */
function phaseOf(view: View): View['phase'] {
  const here: StageRecord | undefined = view.stages[hereOf(view)];
  if (here === undefined) return 'waiting';
  if (here.soakUntil !== null) return 'soaking';
  if (here.gates.some((g) => g.verdict !== 'pass' && !isWatch(g))) return 'gates';
  return here.deployments.some((d) => d.outcome === null) ? 'deploying' : 'waiting';
}

const over = (view: View, status: View['status'], because: string, at: string): View => ({
  ...view,
  ...{ status, because, phase: 'over', hold: null, endedAt: at },
});
