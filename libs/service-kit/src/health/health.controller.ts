import { Controller, Get, HttpStatus, Inject, Res } from '@nestjs/common';
import { HealthChecks, type Readiness } from './health-checks.js';

interface StatusSetter {
  status(code: number): unknown;
}

/** What a supervisor asks: is the process alive, and may it be given work. */
@Controller()
export class HealthController {
  constructor(@Inject(HealthChecks) private readonly checks: HealthChecks) {}

  /** Answers as long as the process can answer. */
  @Get('healthz')
  alive(): { readonly alive: true } {
    return { alive: true };
  }

  /** 200 when every check holds, 503 with the reasons otherwise. */
  @Get('readyz')
  async ready(@Res({ passthrough: true }) response: StatusSetter): Promise<Readiness> {
    const readiness = await this.checks.read();
    response.status(readiness.ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    return readiness;
  }
}
