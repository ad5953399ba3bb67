import { Inject, Injectable } from '@nestjs/common';
import type { Message } from '@gantry/contracts';
import {
  isTerminal,
  type EndedDeployment,
  type ReleaseState,
  type Sight,
  type Travelling,
} from '@gantry/domain';
import type { EventLog } from '@gantry/event-log';
import {
  ActiveStreamsRepository,
  type ActiveStreams,
} from '../persistence/active-streams.repository.js';
import { deploymentAggregate } from '../streams/deployment.aggregate.js';
import { pipelineAggregate } from '../streams/pipeline.aggregate.js';
import { EVENT_LOG } from '../streams/ports.js';
import { StreamFolder } from '../streams/stream-folder.js';
import { StageHold } from './stage-hold.js';

/** Types of the events that end a release. */
export const RELEASE_ENDS = ['succeeded', 'failed', 'stopped', 'superseded'].map(
  (status) => `release.${status}`,
);

const NOTHING: Sight = { stage: -1, hold: undefined, newer: undefined, ended: [], unknown: [] };

/** What is so outside of a release, as it is now. */
@Injectable()
export class ReleaseSight {
  constructor(
    @Inject(StreamFolder) private readonly streams: StreamFolder,
    @Inject(StageHold) private readonly holds: StageHold,
    @Inject(EVENT_LOG) private readonly events: EventLog,
    @Inject(ActiveStreamsRepository) private readonly active: ActiveStreams,
  ) {}

  /** Ids of the releases that are on their way. */
  async travelling(): Promise<readonly string[]> {
    const streams = await this.active.notEndedBy('release', RELEASE_ENDS);
    return streams.map((stream) => stream.slice('release-'.length));
  }

  async of(id: string, state: ReleaseState): Promise<Sight> {
    if (state.status !== 'travelling') return NOTHING;
    const [hold, newer, deployments] = await Promise.all([
      this.holds.of(state),
      this.newer(id, state),
      this.deployments(state),
    ]);
    return { stage: state.stage, hold, newer, ...deployments };
  }

  /** A release of the same pipeline that has set out since with a newer build. */
  private async newer(id: string, { created }: Travelling): Promise<Sight['newer']> {
    const { newest } = (await this.streams.latest(pipelineAggregate, created.pipeline)).state;
    if (newest === undefined || newest.releaseId === id) return undefined;
    return { by: newest.releaseId, evr: newest.evr };
  }

  private async deployments({ phase }: Travelling): Promise<Pick<Sight, 'ended' | 'unknown'>> {
    if (phase.kind !== 'deploying') return { ended: [], unknown: [] };
    const open = phase.deployments.filter((d) => d.outcome === undefined);
    const seen = await Promise.all(open.map(({ deploymentId }) => this.endOf(deploymentId)));
    return {
      ended: seen.flatMap((end) => (end === undefined || end === 'unknown' ? [] : [end])),
      unknown: open.filter((_, at) => seen[at] === 'unknown').map((d) => d.deploymentId),
    };
  }

  /** Undefined while it goes on. */
  private async endOf(deploymentId: string): Promise<EndedDeployment | 'unknown' | undefined> {
    const { state, version } = await this.streams.latest(deploymentAggregate, deploymentId);
    if (state.status === 'none') return 'unknown';
    if (!isTerminal(state.status)) return undefined;
    const stream = { type: 'deployment', id: deploymentId };
    const [last] = await this.events.readStream(stream, version);
    return { deploymentId, outcome: state.status, detail: detailOf(last) };
  }
}

/** Why it ended so, in the words of its last event. */
function detailOf(last: { readonly type: string; readonly data: unknown } | undefined): string {
  if (last?.type === 'deployment.refused')
    return (last.data as Message<'deployment.refused'>['data']).findings
      .map(({ message }) => message)
      .join('; ');
  if (last?.type === 'deployment.expired')
    return (last.data as Message<'deployment.expired'>['data']).because;
  return '';
}
