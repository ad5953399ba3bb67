import type { Evr, ReleaseId } from '@gantry/contracts';
import { ignored, refused, type Decision, type Fact } from '../decision.js';
import { compareEvr } from '../rpm-version/compare-evr.js';

/** Events of a pipeline's stream. */
export type PipelineFact = Fact<'pipeline.release-announced'>;

/** The newest build that was sent on its way, and every release there was of it. */
export interface PipelineState {
  readonly newest: { readonly evr: Evr; readonly releaseId: ReleaseId } | undefined;
}

/** A build asks to be sent on its way; `byPerson` may send the newest again. */
export interface PipelineInput {
  readonly releaseId: ReleaseId;
  readonly evr: Evr;
  readonly byPerson: boolean;
}

/** The state before the first event. */
export const initialPipeline: PipelineState = { newest: undefined };

/** The state after the fact. */
export const evolvePipeline = (_state: PipelineState, { data }: PipelineFact): PipelineState => ({
  newest: data,
});

/** Only what is newer than everything before sets out: newest wins, and nothing travels backwards by itself. */
export function decidePipeline(
  { releaseId, evr, byPerson }: PipelineInput,
  { newest }: PipelineState,
  now: string,
): Decision<PipelineFact> {
  const order = newest === undefined ? 1 : compareEvr(evr, newest.evr);
  if (newest !== undefined && order < 0 && byPerson)
    return refused(
      'conflict',
      'older-release',
      `${evr} is older than ${newest.evr}, which is the newest on its way`,
      'Deploy it by itself where it is wanted: gantry deploy.',
    );
  if (newest?.releaseId === releaseId || order < 0 || (order === 0 && !byPerson))
    return ignored('a release as new is on its way already');
  const data = { releaseId, evr };
  return {
    outcome: 'accepted',
    events: [{ type: 'pipeline.release-announced', data, at: now }],
    also: [],
  };
}
