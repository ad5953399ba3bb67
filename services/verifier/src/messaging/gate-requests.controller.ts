import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { GateCancelRequested, GateFinished, GateRequested, type Message } from '@gantry/contracts';
import { BUS, Log, OnLive, OnMessage, type MessageBus } from '@gantry/service-kit';
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

  /** The queue gives it to one replica, which need not be the one that runs the gate; but it waits there while none is up. */
  @OnMessage(GateCancelRequested)
  onCancelRequested(@Payload() message: Message<'gate.cancel-requested'>): Promise<void> {
    const { gateRunId, reason } = message.data;
    this.runs.cancel(gateRunId, reason);
    return Promise.resolve();
  }

  /** Every replica hears every cancel: whoever runs the gate ends it, and whoever is asked for it later does not begin. */
  @OnLive('gate.requests')
  hear(@Payload() message: Message): Promise<void> {
    return isCancel(message) ? this.onCancelRequested(message) : Promise.resolve();
  }
}

const isCancel = (message: Message): message is Message<'gate.cancel-requested'> =>
  message.type === GateCancelRequested.type;
