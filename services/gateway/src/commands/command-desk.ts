import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, IDS, type IdSource } from '@gantry/service-kit';
import type { GatewayConfig } from '../config.js';
import { IdempotencyKey } from '../http/requests.js';
import { validated } from '../http/validated.js';
import { CommandSender, type Command, type Heard, type Sending } from './command-sender.js';
import { derivedId } from './derived-id.js';
import { RepeatGuard } from './repeat-guard.js';

/** What came in over HTTP. */
export interface Asked {
  /** The route, such as `POST /deployments`: part of what a key stands for. */
  readonly route: string;
  readonly body: unknown;
  /** The Idempotency-Key header, not yet looked at. */
  readonly key: unknown;
}

/** Takes a command once: makes its ids, from the caller's key where there is one, and gives it to the orchestrator. */
@Injectable()
export class CommandDesk {
  constructor(
    private readonly sender: CommandSender,
    private readonly guard: RepeatGuard,
    @Inject(IDS) private readonly ids: IdSource,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** Takes the command that `make` builds around `newId`, the id of what it is to create. */
  async take<D extends Command>(
    asked: Asked,
    make: (newId: string) => Sending<D>,
  ): Promise<{ readonly heard: Heard; readonly newId: string }> {
    if (asked.key === undefined) {
      const newId = this.ids.uuid();
      return { heard: await this.sender.send(make(newId)), newId };
    }
    const key = validated(IdempotencyKey, asked.key, 'header');
    const actor = this.config.GANTRY_ACTOR;
    const fingerprint = createHash('sha256')
      .update(JSON.stringify([asked.route, asked.body]))
      .digest('hex');
    const newId = derivedId('thing', actor, asked.route, key);
    const messageId = derivedId('message', actor, key, fingerprint);
    const heard = await this.guard.once(`${actor} ${key}`, fingerprint, () =>
      this.sender.send({ ...make(newId), messageId }),
    );
    return { heard, newId };
  }
}
