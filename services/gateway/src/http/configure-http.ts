import type { INestApplication } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Log, RefusalNotes } from '@gantry/service-kit';
import type { GatewayConfig } from '../config.js';
import { PUBLIC_FOLDER } from '../public-folder.js';
import { hookBody } from '../hooks/hook-body.middleware.js';
import { jsonBody } from './json-body.middleware.js';
import { ProblemFilter } from './problem.filter.js';
import { refusalsOnRecord } from './refusals.middleware.js';
import { securityHeaders } from './security-headers.middleware.js';
import { trustedCaller } from './trusted-caller.middleware.js';

/** Everything between the socket and the controllers. */
export function configureHttp(nest: INestApplication, config: GatewayConfig): void {
  const app = nest as NestExpressApplication;
  app.disable('x-powered-by');
  app.set('etag', false);
  const onRecord = refusalsOnRecord(app.get(RefusalNotes), config.GANTRY_ACTOR);
  const trusted = trustedCaller(config.GANTRY_ALLOWED_HOSTS);
  app.use(onRecord, securityHeaders, trusted, hookBody, jsonBody);
  app.useStaticAssets(PUBLIC_FOLDER, { etag: false, lastModified: false });
  app.useGlobalFilters(new ProblemFilter(app.get(Log)));
  const server = app.getHttpServer();
  // A caller that sends a byte a second may not hold a connection for long.
  server.headersTimeout = 10_000;
  server.requestTimeout = 20_000;
  server.maxHeadersCount = 100;
}
