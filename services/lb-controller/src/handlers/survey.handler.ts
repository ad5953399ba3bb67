import { Inject, Injectable } from '@nestjs/common';
import { LbPoolsSurveyed, type Message } from '@gantry/contracts';
import { BUS, CLOCK, type Clock, type MessageBus } from '@gantry/service-kit';
import { Devices } from '../adapters/devices.js';
import { survey } from '../procedures/survey.procedure.js';

/** Answers what pools show. */
@Injectable()
export class SurveyHandler {
  constructor(
    private readonly devices: Devices,
    @Inject(BUS) private readonly bus: MessageBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async handle(message: Message<'lb.survey.requested'>): Promise<void> {
    const { requestId, pools } = message.data;
    const seen = await survey(pools, { devices: this.devices, clock: this.clock });
    await this.bus.publish(LbPoolsSurveyed, { requestId, ...seen }, { cause: message });
  }
}
