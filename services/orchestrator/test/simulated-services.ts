import { randomUUID } from 'node:crypto';
import { Controller, Inject, Module, type DynamicModule } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { Message } from '@gantry/contracts';
import { BUS, OnFamily, runService, type KitConfig, type MessageBus } from '@gantry/service-kit';
import type { RunningService } from '@gantry/service-kit';
import { envelopeOf, type Answer } from './simulated-answers.js';
import type { SimulatedGates } from './simulated-gates.js';
import type { Request, SimulatedFleet } from './simulated-fleet.js';

/** How answers reach the orchestrator: at once, or kept back, and how often each. */
export class Delivery {
  copies = 1;
  /** Answers wait here while this is set. */
  private held: (() => Promise<void>)[] | undefined;

  /** No answer goes out from now on. */
  hold(): void {
    this.held ??= [];
  }

  /** What was held back goes out, in order. */
  async release(): Promise<void> {
    const waiting = this.held ?? [];
    this.held = undefined;
    for (const send of waiting) await send();
  }

  /** What was held back goes out in one moment. */
  async releaseAtOnce(): Promise<void> {
    const waiting = this.held ?? [];
    this.held = undefined;
    await Promise.all(waiting.map((send) => send()));
  }

  /** How many answers are held back. */
  get waiting(): number {
    return this.held?.length ?? 0;
  }

  /** What was held back is lost. */
  drop(): void {
    this.held = undefined;
  }

  async send(publish: () => Promise<void>): Promise<void> {
    if (this.held === undefined) await publish();
    else this.held.push(publish);
  }
}

const FLEET = Symbol('simulated.fleet');
const DELIVERY = Symbol('simulated.delivery');
const GATES = Symbol('simulated.gates');

@Controller()
class SimulationController {
  constructor(
    @Inject(FLEET) private readonly fleet: SimulatedFleet,
    @Inject(DELIVERY) private readonly delivery: Delivery,
    @Inject(GATES) private readonly gates: SimulatedGates,
    @Inject(BUS) private readonly bus: MessageBus,
  ) {}

  @OnFamily('gate.requests')
  verify(@Payload() message: Message): Promise<void> {
    return this.send(
      message,
      this.gates.carryOut(message as Parameters<SimulatedGates['carryOut']>[0]),
    );
  }

  @OnFamily('lb.requests')
  balance(@Payload() message: Message): Promise<void> {
    return this.take(message);
  }

  @OnFamily('puppet.requests')
  puppet(@Payload() message: Message): Promise<void> {
    return this.take(message);
  }

  private async take(message: Message): Promise<void> {
    await this.send(message, this.fleet.carryOut(message as Request));
  }

  private async send(message: Message, answers: readonly Answer[]): Promise<void> {
    for (const answer of answers) {
      const envelope = envelopeOf(answer, message, randomUUID());
      await this.delivery.send(async () => {
        for (let i = 0; i < this.delivery.copies; i++) await this.bus.forward(envelope);
      });
    }
  }
}

@Module({})
class SimulationModule {
  static of(fleet: SimulatedFleet, gates: SimulatedGates, delivery: Delivery): DynamicModule {
    return {
      module: SimulationModule,
      controllers: [SimulationController],
      providers: [
        { provide: FLEET, useValue: fleet },
        { provide: GATES, useValue: gates },
        { provide: DELIVERY, useValue: delivery },
      ],
    };
  }
}

/** What answers are made of, and how they travel. */
export interface Simulated {
  readonly fleet: SimulatedFleet;
  readonly gates: SimulatedGates;
  readonly delivery: Delivery;
}

/** Stands where lb-controller, the dispatcher and the verifier stand. */
export async function startSimulation(
  { fleet, gates, delivery }: Simulated,
  configOf: (principal: string) => KitConfig,
): Promise<readonly RunningService[]> {
  const module = SimulationModule.of(fleet, gates, delivery);
  const quiet = { module, writeLog: () => undefined };
  return Promise.all([
    runService({
      ...quiet,
      name: 'lb-controller',
      config: configOf('lb-controller'),
      families: ['lb.requests'],
    }),
    runService({
      ...quiet,
      name: 'puppet-dispatcher',
      config: configOf('puppet-dispatcher'),
      families: ['puppet.requests'],
    }),
    runService({
      ...quiet,
      name: 'verifier',
      config: configOf('verifier'),
      families: ['gate.requests'],
    }),
  ]);
}
