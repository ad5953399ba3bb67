import type { DeploymentId } from '@gantry/contracts';
import type { Fact, Meta, SideFact } from '../decision.js';
import type { Admission } from './admission.js';
import type { DeploymentFact } from './facts.js';
import { evolve } from './evolve.js';
import {
  isActive,
  isRollout,
  type DeploymentHost,
  type DeploymentState,
  type Active,
  type Rollout,
  type Turn,
} from './state.js';

/**
 * A decision in the making: facts are emitted one by one and the state moves with each, so that what follows from what
 * can be written down in order. Local to one call of `decide`; nothing of it outlives the call but the list of facts.
 */
export class Draft {
  readonly facts: DeploymentFact[] = [];
  readonly also: SideFact[] = [];
  private numbers = 0;

  constructor(
    readonly id: DeploymentId,
    public state: DeploymentState,
    readonly meta: Meta,
    readonly admission: Admission,
  ) {}

  get now(): string {
    return this.meta.now;
  }

  /** A number higher than every one drawn before, anywhere. */
  number(): number {
    return this.meta.fence + this.numbers++;
  }

  emit<T extends DeploymentFact['type']>(
    type: T,
    data: Extract<DeploymentFact, { type: T }>['data'],
  ): void {
    const fact = { type, data, at: this.now } as Extract<DeploymentFact, { type: T }>;
    this.facts.push(fact);
    this.state = evolve(this.state, fact);
  }

  /** A fact of another stream, written in the same transaction. */
  emitBeside<T extends SideFact['type']>(
    type: T,
    data: Extract<SideFact, { type: T }>['data'],
  ): void {
    this.also.push({ type, data, at: this.now } as Fact as SideFact);
  }

  /** The active state, or undefined. */
  active(): Active | undefined {
    return isActive(this.state) ? this.state : undefined;
  }

  /** The rollout, or undefined before the plan and after the end. */
  rollout(): Rollout | undefined {
    const state = this.active();
    return state !== undefined && isRollout(state) ? state : undefined;
  }

  /** The host as it is now, or undefined when it is none of ours. */
  host(name: string): DeploymentHost | undefined {
    return this.rollout()?.hosts.find((h) => h.host === name);
  }

  /** The host as it is now, or undefined when its turn is not going on. */
  inFlight(name: string): (DeploymentHost & { readonly turn: Turn }) | undefined {
    const host = this.host(name);
    return host?.turn === undefined ? undefined : { ...host, turn: host.turn };
  }
}
