import { LIVE_GATE_REQUESTS_TOPIC } from '@gantry/contracts';
import { loadConfig, runMain, runService } from '@gantry/service-kit';
import { VerifierConfig } from './config.js';
import { GateRuns } from './runs/gate-runs.js';
import { VerifierModule } from './verifier.module.js';

await runMain('verifier', () =>
  runService({
    name: 'verifier',
    config: loadConfig(VerifierConfig),
    module: VerifierModule,
    families: ['gate.requests'],
    plainTopics: [LIVE_GATE_REQUESTS_TOPIC],
    // A gate may take hours: a cancel must fit in beside all that run or wait for their turn.
    prefetch: 256,
    maxInFlight: 256,
    beforeDrain: (app) => app.get(GateRuns).stop(),
  }),
);
