import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Log } from '@gantry/service-kit';
import type { Response } from 'express';
import { throwError, type Observable } from 'rxjs';
import { problemOf } from './problem-of.js';
import { sendProblem } from './send-problem.js';

/** Turns whatever was thrown into problem+json, and logs what is a fault of ours. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Pick<Log, 'error'>) {}

  catch(thrown: unknown, host: ArgumentsHost): Observable<never> | undefined {
    // Global filters see message handlers too; their errors are the transport's to judge.
    if (host.getType() === 'rpc') return throwError(() => thrown);
    const response = host.switchToHttp().getResponse<Response>();
    const parts = problemOf(thrown);
    if (parts.status === 500) this.log.error('request failed', { error: thrown });
    if (response.headersSent) response.destroy();
    else sendProblem(response, parts);
    return undefined;
  }
}
