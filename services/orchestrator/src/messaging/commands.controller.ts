import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import {
  CancelDeployment,
  ChangeLimits,
  DropParked,
  LiftQuarantine,
  PauseDeployment,
  RequestDeployment,
  ReplayParked,
  RequestRefresh,
  ResumeDeployment,
  RetryHost,
  RollbackDeployment,
  SkipHost,
  type CommandReply,
  type Message,
} from '@gantry/contracts';
import { OnRequest } from '@gantry/service-kit';
import { BuildHandler } from '../handlers/build.handler.js';
import { DeploymentInputHandler } from '../handlers/deployment-input.handler.js';
import { DeploymentRequestHandler } from '../handlers/deployment-request.handler.js';
import { ParkedHandler } from '../handlers/parked.handler.js';
import { RefreshRequestHandler } from '../handlers/refresh-request.handler.js';

/** Topic deployment.commands: everything people and CI ask for. */
@Controller()
export class CommandsController {
  constructor(
    @Inject(DeploymentRequestHandler) private readonly requests: DeploymentRequestHandler,
    @Inject(DeploymentInputHandler) private readonly deployments: DeploymentInputHandler,
    @Inject(RefreshRequestHandler) private readonly refreshes: RefreshRequestHandler,
    @Inject(BuildHandler) private readonly builds: BuildHandler,
    @Inject(ParkedHandler) private readonly parked: ParkedHandler,
  ) {}

  @OnRequest(RequestDeployment)
  request(@Payload() message: Message<'deployment.request'>): Promise<CommandReply> {
    return this.requests.handle(message);
  }

  @OnRequest(PauseDeployment)
  pause(@Payload() message: Message<'deployment.pause'>): Promise<CommandReply> {
    return this.deployments.command(message);
  }

  @OnRequest(ResumeDeployment)
  resume(@Payload() message: Message<'deployment.resume'>): Promise<CommandReply> {
    return this.deployments.command(message);
  }

  @OnRequest(CancelDeployment)
  cancel(@Payload() message: Message<'deployment.cancel'>): Promise<CommandReply> {
    return this.deployments.command(message);
  }

  @OnRequest(RollbackDeployment)
  rollback(@Payload() message: Message<'deployment.rollback'>): Promise<CommandReply> {
    return this.deployments.command(message);
  }

  @OnRequest(SkipHost)
  skipHost(@Payload() message: Message<'deployment.skip-host'>): Promise<CommandReply> {
    return this.deployments.command(message);
  }

  @OnRequest(RetryHost)
  retryHost(@Payload() message: Message<'deployment.retry-host'>): Promise<CommandReply> {
    return this.deployments.command(message);
  }

  @OnRequest(ChangeLimits)
  changeLimits(@Payload() message: Message<'deployment.change-limits'>): Promise<CommandReply> {
    return this.deployments.command(message);
  }

  @OnRequest(RequestRefresh)
  refresh(@Payload() message: Message<'refresh.request'>): Promise<CommandReply> {
    return this.refreshes.handle(message);
  }

  @OnRequest(ReplayParked)
  replayParked(@Payload() message: Message<'parked.replay'>): Promise<CommandReply> {
    return this.parked.settle(message);
  }

  @OnRequest(DropParked)
  dropParked(@Payload() message: Message<'parked.drop'>): Promise<CommandReply> {
    return this.parked.settle(message);
  }

  @OnRequest(LiftQuarantine)
  lift(@Payload() message: Message<'build.lift-quarantine'>): Promise<CommandReply> {
    return this.builds.lift(message);
  }
}
