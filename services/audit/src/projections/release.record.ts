import type { ClockHand, ReleaseView, StageClock, StageView } from '@gantry/contracts';
import { addedUp, stageTime, type HandLine, type StageHand } from '@gantry/domain';
import { msBetween } from './host-timings.js';

/** A stage as it is kept. */
export type StageRecord = Omit<StageView, 'clock' | 'clockNow'> & {
  /** What it did since when. A row of before this was written down has none. */
  readonly line?: HandLine<StageHand>;
  /** Of a row of before: what its clock showed when its line began. */
  readonly clock?: StageClock;
};

/** A release as it is kept; what can be computed from the rest is not. */
export type ReleaseRecord = Omit<ReleaseView, 'stages' | 'clock'> & {
  readonly stages: readonly StageRecord[];
};

/** What each deployment did since when, by its id: undefined where that was not written down, missing where there is no deployment. */
export type DeploymentLines = ReadonlyMap<string, HandLine<ClockHand> | undefined>;

/** The release as its page shows it. */
export function releaseView(record: ReleaseRecord, lines: DeploymentLines): ReleaseView {
  const stages = record.stages.map((stage) => stageView(stage, lines, record.movedAt));
  const from = record.reason === null ? record.publishedAt : record.createdAt;
  const here = stages.find(({ state }) => state === 'here');
  const to = record.endedAt ?? here?.clockNow?.since ?? record.movedAt;
  const clocks = stages.map(({ clock }) => clock);
  return { ...record, stages, clock: addedUp(clocks, msBetween(from, to)) };
}

/** Deployments that its stages have asked for. */
export const deploymentsOf = ({ stages }: ReleaseRecord): readonly string[] =>
  stages.flatMap(({ deployments }) => deployments.map((d) => d.deploymentId));

function stageView(stage: StageRecord, lines: DeploymentLines, movedAt: string): StageView {
  const { line = [], clock, ...shown } = stage;
  const theirs = stage.deployments.map(({ deploymentId: id }) =>
    lines.has(id) ? lines.get(id) : [],
  );
  return { ...shown, ...stageTime(line, theirs, movedAt, clock) };
}
