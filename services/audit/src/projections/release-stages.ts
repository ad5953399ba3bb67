import type { StageView } from '@gantry/contracts';
import { lineMarked, type StageHand } from '@gantry/domain';
import type { ReleaseRecord, StageRecord } from './release.record.js';

/** A stage before anything happened there. */
export const nowhere = (
  environment: string,
  start: StageView['start'],
  skipped: boolean,
): StageRecord => ({
  environment,
  start,
  state: skipped ? 'left-out' : 'ahead',
  enteredAt: null,
  endedAt: null,
  gates: [],
  deployments: [],
  soakUntil: null,
  line: [],
});

type Change = Partial<StageRecord> | ((stage: StageRecord) => Partial<StageRecord>);

/** The release with one of its stages changed. */
export function stageChanged(record: ReleaseRecord, index: number, change: Change): ReleaseRecord {
  const stages = record.stages.map((stage, n) =>
    n === index ? { ...stage, ...(typeof change === 'function' ? change(stage) : change) } : stage,
  );
  return { ...record, stages };
}

/** The release with the lines of its stages; those of a row of before begin where its clock stood. */
export const withLines = (record: ReleaseRecord): ReleaseRecord =>
  record.stages.every(({ line }) => line !== undefined)
    ? record
    : marked({ ...record, stages: record.stages.map((stage) => ({ line: [], ...stage })) });

/** Writes down what each stage does since the release last moved. */
export const marked = (record: ReleaseRecord): ReleaseRecord => ({
  ...record,
  stages: record.stages.map((stage) => ({
    ...stage,
    line: lineMarked(stage.line ?? [], record.movedAt, handOf(record, stage)),
  })),
});

/** Of a gate that watches, the last run is shown, and nobody waits for it. */
export const isWatch = ({ moment }: StageView['gates'][number]): boolean => moment === 'watch';

/** A deployment that goes on does so in a pause as well. */
function handOf(record: ReleaseRecord, stage: StageRecord): StageHand | null {
  if (stage.state !== 'here' || record.phase === 'over') return null;
  if (stage.deployments.some((d) => d.outcome === null)) return 'deploying';
  switch (record.phase) {
    case 'paused':
      return 'approval';
    case 'soaking':
      return 'soak';
    case 'gates':
      return ofGates(stage) ?? held(record);
    case 'deploying':
      return stage.deployments.some((d) => d.outcome === 'busy') ? 'waiting' : held(record);
    case 'waiting':
      return held(record);
  }
}

function ofGates({ gates }: StageRecord): StageHand | undefined {
  const open = gates.filter((gate) => gate.verdict === null && !isWatch(gate));
  if (open.length === 0) return undefined;
  return open.every(({ kind }) => kind === 'manual') ? 'approval' : 'gates';
}

function held({ hold }: ReleaseRecord): StageHand {
  if (hold === null) return 'machine';
  return hold.rule === 'approval' ? 'approval' : 'waiting';
}
