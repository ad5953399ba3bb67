import { Catch, type ArgumentsHost } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { throwError, type Observable } from 'rxjs';

/**
 * Lets a handler's own error reach the transport. Without it Nest replaces every error by `{ status, message }`, and nobody could
 * tell "try again" from "never". Register it globally; what is not a message goes the way of Nest's own filter.
 */
@Catch()
export class RpcErrorFilter extends BaseExceptionFilter {
  override catch(exception: unknown, host: ArgumentsHost): Observable<never> | undefined {
    if (host.getType() === 'rpc') return throwError(() => exception);
    super.catch(exception, host);
    return undefined;
  }
}
