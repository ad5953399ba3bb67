import { Module } from '@nestjs/common';
import { CLOCK, CONFIG, Log, Metrics, type Clock } from '@gantry/service-kit';
import { Devices } from './adapters/devices.js';
import { makeDriver } from './adapters/make-driver.js';
import type { LbControllerConfig } from './config.js';
import { DrainHandler } from './handlers/drain.handler.js';
import { EnableHandler } from './handlers/enable.handler.js';
import { SurveyHandler } from './handlers/survey.handler.js';
import { LbRequestsController } from './messaging/lb-requests.controller.js';
import { StandingController } from './messaging/standing.controller.js';
import { LbMetrics } from './lb-metrics.js';
import { realPace } from './ports/pace.port.js';
import { DrainProcedure } from './procedures/drain.procedure.js';
import { EnableProcedure } from './procedures/enable.procedure.js';
import { EpochFence } from './procedures/epoch-fence.js';
import { Standing } from './standing/standing.js';
import { IntentWatch } from './watch/intent-watch.js';
import { WatchLoop } from './watch/watch-loop.js';

const procedureTools = (
  devices: Devices,
  clock: Clock,
  log: Log,
  metrics: LbMetrics,
  owners: Standing,
) => ({
  devices,
  clock,
  log,
  pace: realPace,
  owners,
  reasserted: () => metrics.reasserted.inc(),
});
const inject = [Devices, CLOCK, Log, LbMetrics, Standing];
type Tools = Parameters<typeof procedureTools>;

/** Wiring of lb-controller. */
@Module({
  controllers: [LbRequestsController, StandingController],
  providers: [
    SurveyHandler,
    DrainHandler,
    EnableHandler,
    EpochFence,
    WatchLoop,
    {
      provide: Devices,
      inject: [CONFIG],
      useFactory: (config: LbControllerConfig) =>
        new Devices(config.GANTRY_LB_DEVICES.map(makeDriver)),
    },
    {
      provide: Standing,
      inject: [EpochFence, CLOCK, Log],
      useFactory: (fence: EpochFence, clock: Clock, log: Log) =>
        new Standing(fence, { pace: realPace, clock, log }),
    },
    {
      provide: LbMetrics,
      inject: [Metrics],
      useFactory: (metrics: Metrics) => new LbMetrics(metrics.registry),
    },
    {
      provide: DrainProcedure,
      inject,
      useFactory: (...tools: Tools) => new DrainProcedure(procedureTools(...tools)),
    },
    {
      provide: EnableProcedure,
      inject,
      useFactory: (...tools: Tools) => new EnableProcedure(procedureTools(...tools)),
    },
    {
      provide: IntentWatch,
      inject,
      useFactory: (...tools: Tools) => new IntentWatch(procedureTools(...tools)),
    },
  ],
})
export class LbControllerModule {}
