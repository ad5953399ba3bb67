import { Inject, Injectable } from '@nestjs/common';
import {
  isActive,
  whenReleaseIsOver,
  type Active,
  type AfterRelease,
  type DeploymentInput,
  type RunningBinding,
} from '@gantry/domain';
import { Log, Repeated } from '@gantry/service-kit';
import {
  ActiveStreamsRepository,
  type ActiveStreams,
} from '../persistence/active-streams.repository.js';
import { deploymentAggregate } from '../streams/deployment.aggregate.js';
import { parseStream } from '../streams/parse-stream.js';
import { releaseAggregate } from '../streams/release.aggregate.js';
import { StreamFolder } from '../streams/stream-folder.js';
import { StreamRunner } from '../streams/stream-runner.js';
import { overrideOf, StartRules } from './start-rules.js';

const LOOK_MS = 2_000;
const WITHDRAW = { type: 'deployment.withdraw', data: { because: 'stopped' } } as const;

/**
 * Looks at what is under way: whether it may take its next host (a line that is stopped, windows that close or freezes that begin
 * where the fleet file wants a pause for them), and whether its release goes no further. What was stopped by a rule goes on by
 * itself when that has ended.
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

  /** By the tables of who holds what, not by the log: the log's answer costs a look at every deployment there ever was. */
  protected async once(): Promise<void> {
    for (const stream of await this.active.holders()) {
      if (this.stopping) return;
      const target = parseStream(stream);
      if (target?.type === 'deployment') await this.lookAt(target.id);
    }
  }

  private async lookAt(id: string): Promise<void> {
    const { state } = await this.streams.latest(deploymentAggregate, id);
    if (!isActive(state)) return;
    const input = await this.inputFor(state);
    if (input !== undefined)
      await this.runner.run(deploymentAggregate, { id, input, cause: { actor: 'orchestrator' } });
  }

  private async inputFor(state: Active): Promise<DeploymentInput | undefined> {
    const after = await this.afterRelease(state);
    if (after.do === 'withdraw') return WITHDRAW;
    if (state.status !== 'running' && state.status !== 'paused') return undefined;
    const { accept, target, heldBy } = state;
    const verdict: RunningBinding =
      after.do === 'hold'
        ? after.binding
        : await this.rules.whileRunning(target, overrideOf(accept, 'on record', 'on record'));
    // Only what may change something is worth a transaction.
    const isNews = verdict.goOn ? heldBy !== undefined : state.status === 'running';
    return isNews ? { type: 'deployment.binding', verdict } : undefined;
  }

  private async afterRelease(state: Active): Promise<AfterRelease> {
    if (state.release === undefined) return { do: 'nothing' };
    const release = await this.streams.latest(releaseAggregate, state.release.releaseId);
    return whenReleaseIsOver(state, release.state);
  }
}
