import {
  Inject,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { definitionOf, type Message, type MessageRole } from '@gantry/contracts';
import { Observable, tap } from 'rxjs';
import { crashPoint } from '../crash/crash-point.js';
import { Log } from '../logging/log.js';
import { withLogContext } from '../logging/log-context.js';
import { Metrics } from '../metrics/metrics.js';
import { FailedTypes } from './failed-types.js';

const QUIET: ReadonlySet<MessageRole> = new Set(['query', 'notice']);

/** Around every message handler: gives its log lines the message's context, and counts and times what it does. */
@Injectable()
export class DeliveryInterceptor implements NestInterceptor {
  constructor(
    @Inject(Metrics) private readonly metrics: Metrics,
    @Inject(Log) private readonly log: Log,
    @Inject(FailedTypes) private readonly failed: FailedTypes,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'rpc') return next.handle();
    const message = context.switchToRpc().getData<Message>();
    const { id, type, correlationid, subject } = message;
    crashPoint('received', type);
    const fields = {
      messageId: id,
      messageType: type,
      correlationId: correlationid,
      ...(subject === undefined ? {} : { subject }),
    };
    return new Observable((subscriber) =>
      withLogContext(fields, () => this.observed(type, next.handle()).subscribe(subscriber)),
    );
  }

  private observed(type: string, run: Observable<unknown>): Observable<unknown> {
    const startedAt = performance.now();
    return run.pipe(
      tap({
        complete: () => {
          crashPoint('handled', type);
          this.handled(type, performance.now() - startedAt);
        },
        error: (error: unknown) => {
          this.failed.remember(error, type);
          this.log.warn('handler failed', { error });
        },
        finalize: () => {
          this.metrics.took(type, (performance.now() - startedAt) / 1_000);
        },
      }),
    );
  }

  /** One line per message that may change something; questions and heartbeats are for whoever searches a fault. */
  private handled(type: string, ms: number): void {
    this.metrics.delivered(type, 'handled');
    const quiet = QUIET.has(definitionOf(type)?.role ?? 'event');
    this.log[quiet ? 'debug' : 'log']('message handled', { ms: Math.round(ms) });
  }
}
