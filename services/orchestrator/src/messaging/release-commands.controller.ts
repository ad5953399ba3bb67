import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import {
  AnswerGate,
  PauseRelease,
  ReleaseDeploymentRequested,
  ResumeRelease,
  StartRelease,
  StopRelease,
  type CommandReply,
  type Message,
} from '@gantry/contracts';
import { OnMessage, OnRequest } from '@gantry/service-kit';
import { ReleaseHandler } from '../releases/release.handler.js';
import { ReleaseStep } from '../releases/release-step.js';

/** Topic deployment.commands, as far as releases are concerned. */
@Controller()
export class ReleaseCommandsController {
  constructor(
    @Inject(ReleaseHandler) private readonly releases: ReleaseHandler,
    @Inject(ReleaseStep) private readonly steps: ReleaseStep,
  ) {}

  @OnRequest(StartRelease)
  start(@Payload() message: Message<'release.start'>): Promise<CommandReply> {
    return this.releases.request(message);
  }

  @OnRequest(StopRelease)
  stop(@Payload() message: Message<'release.stop'>): Promise<CommandReply> {
    return this.releases.command(message);
  }

  @OnRequest(PauseRelease)
  pause(@Payload() message: Message<'release.pause'>): Promise<CommandReply> {
    return this.releases.command(message);
  }

  @OnRequest(ResumeRelease)
  resume(@Payload() message: Message<'release.resume'>): Promise<CommandReply> {
    return this.releases.command(message);
  }

  @OnRequest(AnswerGate)
  answer(@Payload() message: Message<'release.answer-gate'>): Promise<CommandReply> {
    return this.releases.command(message);
  }

  @OnMessage(ReleaseDeploymentRequested)
  deploy(@Payload() message: Message<'release.deployment-requested'>): Promise<void> {
    return this.steps.deploy(message);
  }
}
