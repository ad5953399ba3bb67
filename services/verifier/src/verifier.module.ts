import { Module } from '@nestjs/common';
import { GateStarted } from '@gantry/contracts';
import { BUS, CLOCK, CONFIG, Log, Metrics, type Clock, type MessageBus } from '@gantry/service-kit';
import type { VerifierConfig } from './config.js';
import { killRun, cookieOf } from './drivers/command/process-tree.js';
import { makeDrivers } from './drivers/make-drivers.js';
import { GateRequestsController } from './messaging/gate-requests.controller.js';
import type { RunTools } from './runs/gate-run.js';
import { GateRuns } from './runs/gate-runs.js';
import { RunLedger } from './runs/run-ledger.js';
import { VerifierMetrics } from './verifier-metrics.js';

const RUN_TOOLS = Symbol('verifier.run-tools');

const runTools = (
  config: VerifierConfig,
  clock: Clock,
  ledger: RunLedger,
  bus: MessageBus,
  log: Log,
): RunTools => ({
  drivers: makeDrivers(config, clock),
  ledger,
  clock,
  endLeftovers: (gateRunId) => killRun(cookieOf(config.GANTRY_EVIDENCE_DIR, gateRunId)),
  started: (cause) => {
    const { gateRunId, gate } = cause.data;
    return bus.publish(GateStarted, { gateRunId, gate }, { cause });
  },
  unexpected: ({ data: { gateRunId, gate } }, error) => {
    log.error('a gate could not be run', { gateRunId, gate, error });
  },
});

/** Wiring of the verifier. */
@Module({
  controllers: [GateRequestsController],
  providers: [
    {
      provide: RunLedger,
      inject: [CONFIG],
      useFactory: (config: VerifierConfig) =>
        new RunLedger(config.GANTRY_EVIDENCE_DIR, config.GANTRY_EVIDENCE_KEEP),
    },
    {
      provide: VerifierMetrics,
      inject: [Metrics],
      useFactory: (metrics: Metrics) => new VerifierMetrics(metrics.registry),
    },
    { provide: RUN_TOOLS, inject: [CONFIG, CLOCK, RunLedger, BUS, Log], useFactory: runTools },
    {
      provide: GateRuns,
      inject: [RUN_TOOLS, VerifierMetrics, CONFIG],
      useFactory: (tools: RunTools, metrics: VerifierMetrics, config: VerifierConfig) =>
        new GateRuns(tools, metrics, config.GANTRY_GATE_CONCURRENCY),
    },
  ],
})
export class VerifierModule {}
