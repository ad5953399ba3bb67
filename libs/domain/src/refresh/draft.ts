import type { RefreshId } from '@gantry/contracts';
import type { Meta } from '../decision.js';
import type { Admission } from '../deployment/admission.js';
import type { RefreshFact } from './facts.js';
import { evolveRefresh } from './evolve.js';
import type { RefreshHost, RefreshState } from './state.js';

/** A decision in the making: the state moves with every fact. Local to one call of `decideRefresh`. */
export class RefreshDraft {
  readonly facts: RefreshFact[] = [];
  private numbers = 0;

  constructor(
    readonly id: RefreshId,
    public state: RefreshState,
    readonly meta: Meta,
    readonly admission: Admission,
  ) {}

  /** A number higher than every one drawn before, anywhere. */
  number(): number {
    return this.meta.fence + this.numbers++;
  }

  emit<T extends RefreshFact['type']>(
    type: T,
    data: Extract<RefreshFact, { type: T }>['data'],
  ): void {
    const fact = { type, data, at: this.meta.now } as Extract<RefreshFact, { type: T }>;
    this.facts.push(fact);
    this.state = evolveRefresh(this.state, fact);
  }

  /** The hosts whose run goes on. */
  running(): readonly RefreshHost[] {
    return this.state.status === 'running'
      ? this.state.hosts.filter((h) => h.status === 'running')
      : [];
  }
}
