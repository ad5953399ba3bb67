import { Inject, Injectable } from '@nestjs/common';
import {
  CommandReply,
  type AcceptFleetChange,
  type AnswerGate,
  type ApproveDeployment,
  type PauseRelease,
  type PlaceHold,
  type ResumeRelease,
  type StartRelease,
  type StopRelease,
  type CancelDeployment,
  type ChangeLimits,
  type DataOf,
  type DropParked,
  type LiftHold,
  type LiftQuarantine,
  type PauseDeployment,
  type RejectDeployment,
  type ReplayParked,
  type RequestDeployment,
  type RequestRefresh,
  type ResumeDeployment,
  type ResyncListener,
  type RetryHost,
  type RollbackDeployment,
  type SkipHost,
} from '@gantry/contracts';
import { BUS, CONFIG, isGantryError, type MessageBus } from '@gantry/service-kit';
import type { GatewayConfig } from '../config.js';
import { ProblemException } from '../http/problem.js';
import { refusalProblem } from './refusal-problem.js';

/** What people may ask for. */
export type Command =
  | typeof RequestDeployment
  | typeof PauseDeployment
  | typeof ResumeDeployment
  | typeof CancelDeployment
  | typeof RollbackDeployment
  | typeof ApproveDeployment
  | typeof RejectDeployment
  | typeof SkipHost
  | typeof RetryHost
  | typeof ChangeLimits
  | typeof RequestRefresh
  | typeof LiftQuarantine
  | typeof ReplayParked
  | typeof DropParked
  | typeof ResyncListener
  | typeof StartRelease
  | typeof StopRelease
  | typeof PauseRelease
  | typeof ResumeRelease
  | typeof AnswerGate
  | typeof PlaceHold
  | typeof LiftHold
  | typeof AcceptFleetChange;

/** One command to give. */
export interface Sending<D extends Command> {
  readonly definition: D;
  readonly data: DataOf<D>;
  /** The stream it is about. */
  readonly subject: string;
  /** Fixed when the caller may repeat the command. */
  readonly messageId?: string;
}

/** A command's answer when it is not a refusal. */
export type Heard = Exclude<CommandReply, { outcome: 'refused' }>;

/** Gives commands to the orchestrator and waits until they are in the log; throws a problem when they are not. */
@Injectable()
export class CommandSender {
  constructor(
    @Inject(BUS) private readonly bus: MessageBus,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** Gives one command. */
  async send<D extends Command>(sending: Sending<D>): Promise<Heard> {
    const reply = CommandReply.safeParse(await this.ask(sending));
    if (!reply.success) throw new ProblemException(UNREADABLE);
    if (reply.data.outcome === 'refused') throw refusalProblem(reply.data);
    return reply.data;
  }

  private async ask<D extends Command>(sending: Sending<D>): Promise<unknown> {
    const { definition, data, subject, messageId } = sending;
    try {
      return await this.bus.request(definition, data, {
        actor: this.config.GANTRY_ACTOR,
        subject,
        timeoutMs: this.config.GANTRY_REQUEST_TIMEOUT_MS,
        ...(messageId === undefined ? {} : { id: messageId }),
      });
    } catch (cause) {
      if (isGantryError(cause) && cause.kind === 'unavailable') throw notAnswered(sending);
      throw cause;
    }
  }
}

function notAnswered({ subject, messageId }: Sending<Command>): ProblemException {
  return new ProblemException({
    status: 503,
    code: 'command.no-answer',
    detail: `The orchestrator did not answer in time. The command about ${subject} may or may not have been recorded.`,
    todo:
      messageId === undefined
        ? 'Look whether it took effect before you send it again.'
        : 'Send it again with the same Idempotency-Key: it is carried out once.',
    retryAfterSeconds: 2,
  });
}

const UNREADABLE = {
  status: 502,
  code: 'command.unreadable-answer',
  detail: 'The orchestrator answered what this gateway does not understand: their versions differ.',
  todo: 'Look whether the command took effect, and bring both services to the same version.',
};
