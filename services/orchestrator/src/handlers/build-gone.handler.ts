import { Inject, Injectable } from '@nestjs/common';
import { buildKey, type Message } from '@gantry/contracts';
import {
  ActiveStreamsRepository,
  type ActiveStreams,
} from '../persistence/active-streams.repository.js';
import { buildAggregate } from '../streams/build.aggregate.js';
import { DEPLOYMENT_ENDS, deploymentAggregate } from '../streams/deployment.aggregate.js';
import { parseStream } from '../streams/parse-stream.js';
import { StreamRunner } from '../streams/stream-runner.js';
import { causeOf } from './deployment-input.handler.js';
import { KnownBuilds } from './known-builds.js';

/** A repository has a build no more; when none has it, deployments of it are told before their next host leaves service. */
@Injectable()
export class BuildGoneHandler {
  constructor(
    @Inject(StreamRunner) private readonly runner: Pick<StreamRunner, 'run'>,
    @Inject(KnownBuilds) private readonly builds: KnownBuilds,
    @Inject(ActiveStreamsRepository) private readonly active: ActiveStreams,
  ) {}

  /** Told again after a crash in the middle it does the rest: who has heard it already ignores it. */
  async handle(message: Message<'build.gone'>): Promise<void> {
    const { name, evr } = message.data;
    const input = { type: 'build.gone', data: message.data } as const;
    const cause = causeOf(message);
    await this.runner.run(buildAggregate, { id: buildKey(name, evr), input, cause });
    if (!(await this.builds.isGone(name, evr))) return;
    const { messageId: _taken, ...because } = cause;
    for (const stream of await this.active.notEndedBy('deployment', DEPLOYMENT_ENDS)) {
      const target = parseStream(stream);
      if (target !== undefined)
        await this.runner.run(deploymentAggregate, { id: target.id, input, cause: because });
    }
  }
}
