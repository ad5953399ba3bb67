import { Inject, Injectable } from '@nestjs/common';
import { BindingId } from '@gantry/contracts';
import type { Rollout, RunningBinding } from '@gantry/domain';
import { Log, Repeated } from '@gantry/service-kit';
import {
  ActiveStreamsRepository,
  type ActiveStreams,
} from '../persistence/active-streams.repository.js';
import { DEPLOYMENT_ENDS, deploymentAggregate } from '../streams/deployment.aggregate.js';
import { releaseAggregate } from '../streams/release.aggregate.js';
import { StreamFolder } from '../streams/stream-folder.js';
import { StreamRunner } from '../streams/stream-runner.js';
import { StartRules } from './start-rules.js';

const LOOK_MS = 2_000;

/**
 * Looks whether what runs may take its next host: a line that is stopped, and windows that close or freezes that begin where the
 * fleet file wants a pause for them. What was stopped so goes on by itself when that has ended.
 */
@Injectable()
export class RunningWatch extends Repeated {
  constructor(
    @Inject(ActiveStreamsRepository) private readonly active: ActiveStreams,
    @Inject(StreamFolder) private readonly streams: StreamFolder,
    @Inject(StartRules) private readonly rules: Pick<StartRules, 'whileRunning'>,
    @Inject(StreamRunner) private readonly runner: Pick<StreamRunner, 'run'>,
    @Inject(Log) log: Log,
  ) {
    super(log, { everyMs: LOOK_MS, failure: 'not looked whether anything holds what runs' });
  }

  protected async once(): Promise<void> {
    for (const stream of await this.active.notEndedBy('deployment', DEPLOYMENT_ENDS)) {
      if (this.stopping) return;
      await this.lookAt(stream.slice('deployment-'.length));
    }
  }

  private async lookAt(id: string): Promise<void> {
    const { state } = await this.streams.latest(deploymentAggregate, id);
    if (state.status !== 'running' && state.status !== 'paused') return;
    const verdict =
      (await this.failedRelease(state)) ??
      (await this.rules.whileRunning(state.target, overrideOf(state)));
    if (!isNews(state, verdict)) return;
    const input = { type: 'deployment.binding', verdict } as const;
    await this.runner.run(deploymentAggregate, { id, input, cause: { actor: 'orchestrator' } });
  }

  /** A gate that watches has failed: what its release still deploys is for a person to look at. */
  private async failedRelease({ release, accept }: Rollout): Promise<RunningBinding | undefined> {
    if (release === undefined) return undefined;
    const { releaseId } = release;
    const { state } = await this.streams.latest(releaseAggregate, releaseId);
    const id = `release:${releaseId}` as const;
    if (state.status !== 'failed' || accept.includes(id)) return undefined;
    const what = `release ${releaseId} of ${state.pipeline} ${state.evr} has failed`;
    return { goOn: false, id, what, who: 'a gate that watches' };
  }
}

const isNews = ({ status, heldBy }: Rollout, { goOn }: RunningBinding): boolean =>
  goOn ? heldBy !== undefined : status === 'running';

/** What was overridden when it was asked for, and by whoever resumed it since. */
function overrideOf({ accept }: Rollout) {
  const of = accept.flatMap((code) => BindingId.safeParse(code).data ?? []);
  return of.length === 0 ? undefined : { of, reason: 'on record', by: 'on record' };
}
