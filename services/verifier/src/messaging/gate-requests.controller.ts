import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { GateCancelRequested, GateFinished, GateRequested, type Message } from '@gantry/contracts';
import { BUS, Log, OnMessage, type MessageBus } from '@gantry/service-kit';
import { GateRuns } from '../runs/gate-runs.js';
import { RunLedger } from '../runs/run-ledger.js';

/** Requests to run gates. A request is acknowledged when its gate has ended and that is published. */
@Controller()
export class GateRequestsController {
  constructor(
    private readonly runs: GateRuns,
    private readonly ledger: RunLedger,
    @Inject(BUS) private readonly bus: MessageBus,
    private readonly log: Log,
  ) {}

  @OnMessage(GateRequested)
  async onRequested(@Payload() message: Message<'gate.requested'>): Promise<void> {
    const { gateRunId, gate, spec } = message.data;
    const finished = await this.runs.run(message);
    const { verdict, summary } = finished;
    this.log.log('gate finished', { gateRunId, gate, kind: spec.kind, verdict, summary });
    await this.bus.publish(GateFinished, { gateRunId, gate, ...finished }, { cause: message });
    await this.ledger.sweep();
  }

  @OnMessage(GateCancelRequested)
  onCancelRequested(@Payload() message: Message<'gate.cancel-requested'>): Promise<void> {
    const { gateRunId, reason } = message.data;
    this.runs.cancel(gateRunId, reason);
    return Promise.resolve();
  }
}
