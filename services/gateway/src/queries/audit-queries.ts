import { Inject, Injectable } from '@nestjs/common';
import {
  QueryReply,
  type AnyMessage,
  type DataOf,
  type QueryReplyOf,
  type QueryType,
} from '@gantry/contracts';
import { BUS, CONFIG, type MessageBus } from '@gantry/service-kit';
import type { GatewayConfig } from '../config.js';
import { ProblemException } from '../http/problem.js';

/** A question that audit answers. */
export type Query = Extract<AnyMessage, { readonly type: QueryType }>;

/** Asks audit's read models; identical questions that are under way are asked once (a hundred screens follow one deployment). */
@Injectable()
export class AuditQueries {
  private readonly inFlight = new Map<string, Promise<unknown>>();

  constructor(
    @Inject(BUS) private readonly bus: MessageBus,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** Asks, and validates the answer. */
  async ask<D extends Query>(definition: D, data: DataOf<D>): Promise<QueryReplyOf<D['type']>> {
    const key = JSON.stringify([definition.type, data]);
    const shared = this.inFlight.get(key) ?? this.share(key, definition, data);
    const parsed = QueryReply[definition.type].safeParse(await shared);
    if (!parsed.success) throw new ProblemException(UNREADABLE);
    return parsed.data as QueryReplyOf<D['type']>;
  }

  private share<D extends Query>(key: string, definition: D, data: DataOf<D>): Promise<unknown> {
    const asked = this.bus
      .request(definition, data, {
        actor: this.config.GANTRY_ACTOR,
        timeoutMs: this.config.GANTRY_REQUEST_TIMEOUT_MS,
      })
      .finally(() => this.inFlight.delete(key));
    this.inFlight.set(key, asked);
    return asked;
  }
}

const UNREADABLE = {
  status: 502,
  code: 'audit.unreadable-answer',
  detail:
    'The audit service answered what this gateway does not understand: their versions differ.',
  todo: 'Bring both services to the same version.',
};
