import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import {
  BuildQuarantined,
  BuildQuarantineLifted,
  BuildSeen,
  DeploymentRefused,
  DeploymentSucceeded,
  DeploymentSucceededWithFailures,
  DeploymentFailed,
  DeploymentCancelled,
  DeploymentRolledBack,
  DeploymentRollbackFailed,
  DeploymentExpired,
  DeploymentSuperseded,
  GateFinished,
  GateStarted,
  type Message,
} from '@gantry/contracts';
import { OnMessage } from '@gantry/service-kit';
import { causeOf } from '../handlers/deployment-input.handler.js';
import { ReleaseHandler } from '../releases/release.handler.js';
import { ReleaseStep } from '../releases/release-step.js';

/** Topics release.signals and gate.observations: what releases wait for. */
@Controller()
export class ReleaseSignalsController {
  constructor(
    @Inject(ReleaseHandler) private readonly releases: ReleaseHandler,
    @Inject(ReleaseStep) private readonly steps: ReleaseStep,
  ) {}

  @OnMessage(BuildSeen)
  seen(@Payload() message: Message<'build.seen'>): Promise<void> {
    return this.releases.buildSeen(message);
  }

  @OnMessage(BuildQuarantineLifted)
  lifted(@Payload() message: Message<'build.quarantine-lifted'>): Promise<void> {
    return this.releases.buildSeen(message);
  }

  /** A release that waits looks for itself; one that is under way is ended by its deployment. */
  @OnMessage(BuildQuarantined)
  quarantined(): Promise<void> {
    return Promise.resolve();
  }

  @OnMessage(GateStarted)
  gateStarted(): Promise<void> {
    return Promise.resolve();
  }

  @OnMessage(GateFinished)
  async gateFinished(@Payload() message: Message<'gate.finished'>): Promise<void> {
    const [, id] = /^release-(.+)$/.exec(message.subject ?? '') ?? [];
    if (id !== undefined) await this.steps.take(id, message, causeOf(message));
  }

  @OnMessage(DeploymentRefused)
  deploymentRefused(@Payload() message: Message): Promise<void> {
    return this.steps.deploymentEnded(message);
  }

  @OnMessage(DeploymentSucceeded)
  deploymentSucceeded(@Payload() message: Message): Promise<void> {
    return this.steps.deploymentEnded(message);
  }

  @OnMessage(DeploymentSucceededWithFailures)
  deploymentSucceededWithFailures(@Payload() message: Message): Promise<void> {
    return this.steps.deploymentEnded(message);
  }

  @OnMessage(DeploymentFailed)
  deploymentFailed(@Payload() message: Message): Promise<void> {
    return this.steps.deploymentEnded(message);
  }

  @OnMessage(DeploymentCancelled)
  deploymentCancelled(@Payload() message: Message): Promise<void> {
    return this.steps.deploymentEnded(message);
  }

  @OnMessage(DeploymentRolledBack)
  deploymentRolledBack(@Payload() message: Message): Promise<void> {
    return this.steps.deploymentEnded(message);
  }

  @OnMessage(DeploymentRollbackFailed)
  deploymentRollbackFailed(@Payload() message: Message): Promise<void> {
    return this.steps.deploymentEnded(message);
  }

  @OnMessage(DeploymentExpired)
  deploymentExpired(@Payload() message: Message): Promise<void> {
    return this.steps.deploymentEnded(message);
  }

  @OnMessage(DeploymentSuperseded)
  deploymentSuperseded(@Payload() message: Message): Promise<void> {
    return this.steps.deploymentEnded(message);
  }
}
