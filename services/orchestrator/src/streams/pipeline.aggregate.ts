import {
  decidePipeline,
  evolvePipeline,
  initialPipeline,
  type PipelineFact,
  type PipelineInput,
  type PipelineState,
} from '@gantry/domain';
import type { Aggregate } from './aggregate.js';

/** Which build of a pipeline is the newest on its way: stream `pipeline-<name>`. */
export const pipelineAggregate: Aggregate<PipelineState, PipelineFact, PipelineInput> = {
  streamType: 'pipeline',
  initial: initialPipeline,
  evolve: evolvePipeline,
  decide: (input, state, { meta }) => decidePipeline(input, state, meta.now),
  locksOf: () => [],
  claimsOf: () => [],
  wakeUpAt: () => undefined,
  wantsPlace: () => false,
  slotOf: () => undefined,
};
