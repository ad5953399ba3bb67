import { Controller, Get, Inject, Query } from '@nestjs/common';
import { GetAuditStatus, type QueryReplyOf } from '@gantry/contracts';
import { HealthChecks, IDENTITY, isGantryError, type Identity } from '@gantry/service-kit';
import { NoQuery } from '../http/requests.js';
import { validated } from '../http/validated.js';
import { StreamRegistry } from '../streams/stream-registry.js';
import { AuditQueries } from './audit-queries.js';
import { ServiceBook, type ReplicaSeen } from './service-book.js';

/** Body of GET /status; `audit` is null while audit does not answer. */
export interface SystemStatus {
  readonly instance: string;
  readonly broker: 'connected' | 'disconnected' | 'unknown';
  readonly streams: number;
  /** What services told of themselves lately, and how long ago. */
  readonly services: readonly ReplicaSeen[];
  readonly audit: QueryReplyOf<'audit.status.get'> | null;
}

/** How the machine itself fares. */
@Controller('api/v1/status')
export class StatusController {
  constructor(
    private readonly queries: AuditQueries,
    private readonly streams: StreamRegistry,
    private readonly services: ServiceBook,
    @Inject(HealthChecks) private readonly health: HealthChecks,
    @Inject(IDENTITY) private readonly identity: Identity,
  ) {}

  /** This gateway, the broker as it sees it, and the read models. */
  @Get()
  async status(@Query() query: unknown): Promise<SystemStatus> {
    validated(NoQuery, query, 'query');
    const [audit, { checks }] = await Promise.all([this.audit(), this.health.read()]);
    return {
      instance: this.identity.instance,
      broker: brokerOf(checks['broker']),
      streams: this.streams.size,
      services: this.services.read(),
      audit,
    };
  }

  /** That audit is silent is part of the answer, not a failure of it. */
  private async audit(): Promise<SystemStatus['audit']> {
    try {
      return await this.queries.ask(GetAuditStatus, {});
    } catch (error) {
      if (isGantryError(error) && error.kind === 'unavailable') return null;
      throw error;
    }
  }
}

function brokerOf(check: string | undefined): SystemStatus['broker'] {
  if (check === undefined) return 'unknown';
  return check === 'ok' ? 'connected' : 'disconnected';
}
