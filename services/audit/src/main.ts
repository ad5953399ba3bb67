import { HOST_PRESENCE_TOPIC } from '@gantry/contracts';
import { loadConfig, runMain, runService } from '@gantry/service-kit';
import { AuditModule } from './audit.module.js';
import { auditConfig } from './config.js';

await runMain('audit', () =>
  runService({
    name: 'audit',
    config: loadConfig(auditConfig),
    module: AuditModule,
    families: ['log.events', 'audit.queries'],
    plainTopics: [HOST_PRESENCE_TOPIC],
  }),
);
