import { loadConfig, runMain, runService } from '@gantry/service-kit';
import { orchestratorConfig } from './config.js';
import { FAMILIES, PLAIN_TOPICS } from './families.js';
import { OrchestratorModule } from './orchestrator.module.js';
import { migrate } from './persistence/database.js';

await runMain('orchestrator', async () => {
  const config = loadConfig(orchestratorConfig);
  await migrate(config);
  await runService({
    name: 'orchestrator',
    config,
    module: OrchestratorModule,
    families: FAMILIES,
    plainTopics: PLAIN_TOPICS,
  });
});
