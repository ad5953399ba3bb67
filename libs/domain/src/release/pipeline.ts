import type { Evr, ReleaseId } from '@gantry/contracts';
import { ignored, refused, type Decision, type Fact } from '../decision.js';
import { toMs } from '../time.js';
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

/**
 * Whether a build should have set out by itself when the last of its packages was seen, and the word of that was lost: its pipeline
 * released these packages by then, and nothing as new was ever announced. What was there before the pipeline is for people to send.
 */
export const isOverdue = (
  { evr, publishedAt }: { readonly evr: Evr; readonly publishedAt: string },
  pipeline: PipelineState,
  releasingSince: string | undefined,
): boolean =>
  releasingSince !== undefined && toMs(publishedAt) > toMs(releasingSince) && isNews(evr, pipeline);

/** Whether nothing as new was ever announced. */
export const isNews = (evr: Evr, { newest }: PipelineState): boolean =>
  newest === undefined || compareEvr(evr, newest.evr) > 0;

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
