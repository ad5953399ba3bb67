import type { ReleaseView, StageClock, StageView } from '@gantry/contracts';

/** A stage before anything happened there. */
export const nowhere = (
  environment: string,
  start: StageView['start'],
  skipped: boolean,
): StageView => ({
  environment,
  start,
  state: skipped ? 'left-out' : 'ahead',
  enteredAt: null,
  endedAt: null,
  gates: [],
  deployments: [],
  soakUntil: null,
  clock: { waitingMs: 0, gatesMs: 0, deployingMs: 0, soakMs: 0 },
});

type Change = Partial<StageView> | ((stage: StageView) => Partial<StageView>);

/** The view with one of its stages changed. */
export function stageChanged(view: ReleaseView, index: number, change: Change): ReleaseView {
  const stages = view.stages.map((stage, n) =>
    n === index ? { ...stage, ...(typeof change === 'function' ? change(stage) : change) } : stage,
  );
  return { ...view, stages };
}

const HAND: Readonly<Record<ReleaseView['phase'], keyof StageClock>> = {
  waiting: 'waitingMs',
  paused: 'waitingMs',
  over: 'waitingMs',
  gates: 'gatesMs',
  deploying: 'deployingMs',
  soaking: 'soakMs',
};

/** The release clock: what has passed since it last moved goes to what it was doing in the stage it is in. */
export function moved(view: ReleaseView, at: string): ReleaseView {
  const passedMs = Math.max(0, Date.parse(at) - Date.parse(view.movedAt));
  const hand = HAND[view.phase];
  const here = view.stages.findIndex((stage) => stage.state === 'here');
  return {
    ...stageChanged(view, here, ({ clock }) => ({
      clock: { ...clock, [hand]: clock[hand] + passedMs },
    })),
    movedAt: at,
  };
}
