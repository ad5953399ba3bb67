import { Controller, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { LookForBuilds } from '@gantry/contracts';
import { BUS, CLOCK, CONFIG, type Clock, type MessageBus } from '@gantry/service-kit';
import type { Request } from 'express';
import type { GatewayConfig } from '../config.js';
import { ProblemException } from '../http/problem.js';
import { validated } from '../http/validated.js';
import { DeliveryMemory } from './delivery-memory.js';
import { verifyHook } from './verify-hook.js';

/** A look that comes later than this is one that build-watcher has had by itself. */
const EXPIRES_MS = 60_000;

/**
 * CI servers say that there may be a new build. Whatever they say: it only makes build-watcher look, and what there is,
 * only the repository says.
 */
@Controller('hooks/builds')
export class BuildHooksController {
  constructor(
    @Inject(BUS) private readonly bus: MessageBus,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    private readonly deliveries: DeliveryMemory,
  ) {}

  @Post(':repository')
  @HttpCode(202)
  async built(@Param() params: unknown, @Req() request: Request): Promise<{ asked: string }> {
    const { repository } = validated(LookForBuilds.schema, params, 'path');
    const keys = this.proven(repository, request).map((key) => `${repository} ${key}`);
    if (!this.deliveries.take(keys)) throw new ProblemException(REPLAYED);
    try {
      const actor = this.config.GANTRY_ACTOR;
      const options = { subject: `builds-${repository}`, actor, expiresInMs: EXPIRES_MS };
      await this.bus.publish(LookForBuilds, { repository }, options);
    } catch (error) {
      this.deliveries.giveBack(keys);
      throw error;
    }
    return { asked: 'a look at the repository' };
  }

  /** A repository without hooks answers as one whose secret is another: outsiders learn no names. */
  private proven(repository: string, { headers, body }: Request): readonly string[] {
    const hooks = this.config.GANTRY_HOOKS.filter((hook) => hook.repository === repository);
    const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    const verdict = verifyHook({ headers, body: bytes }, hooks, this.clock.now());
    if (verdict.proven) return verdict.keys;
    const { code, detail } = verdict;
    throw new ProblemException({ status: 401, code, detail, todo: TODO });
  }
}

const TODO =
  "Compare the sender's secret and kind with GANTRY_HOOKS; the gateway's README shows how each kind signs.";
const REPLAYED = {
  status: 409,
  code: 'hook.replayed',
  detail: 'This delivery was taken before; it had its effect then.',
};
