import type { ReleaseId } from '@gantry/contracts';
import type { Fact, Meta, SideFact } from '../decision.js';
import { evolveRelease } from './evolve.js';
import type { ReleaseFact } from './facts.js';
import type { Sight } from './input.js';
import type { ReleaseState, Travelling } from './state.js';

/** A decision in the making: the state moves with every fact. Local to one call of `decideRelease`. */
export class ReleaseDraft {
  readonly facts: ReleaseFact[] = [];
  readonly also: SideFact[] = [];

  constructor(
    readonly id: ReleaseId,
    public state: ReleaseState,
    readonly meta: Meta,
    readonly sight: Sight,
  ) {}

  get now(): string {
    return this.meta.now;
  }

  /** The release while it is on its way. */
  travelling(): Travelling | undefined {
    return this.state.status === 'travelling' ? this.state : undefined;
  }

  emit<T extends ReleaseFact['type']>(
    type: T,
    data: Extract<ReleaseFact, { type: T }>['data'],
  ): void {
    const fact = { type, data, at: this.now } as Extract<ReleaseFact, { type: T }>;
    this.facts.push(fact);
    this.state = evolveRelease(this.state, fact);
  }

  /** A person must look at it. */
  callPerson(title: string, detail: string, todo: string): void {
    const data = {
      key: attentionKeyOfRelease(this.id),
      kind: 'release-waits' as const,
      title: title.slice(0, 300),
      detail: detail.slice(0, 4_000),
      todo,
    };
    this.also.push({ type: 'attention.opened', data, at: this.now } as Fact as SideFact);
  }

  /** Nobody needs to look at it any more. */
  dismissPerson(because: string): void {
    const data = { key: attentionKeyOfRelease(this.id), because };
    this.also.push({ type: 'attention.closed', data, at: this.now } as Fact as SideFact);
  }

  /** A UUID that is the same whenever the same is decided again. */
  uuid(...parts: readonly (string | number)[]): string {
    const hex = this.meta.sha256(JSON.stringify([this.id, ...parts]));
    const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(13, 16), hex.slice(17, 20)];
    const [a = '', b = '', c = '', d = ''] = groups;
    return `${a}-${b}-8${c}-a${d}-${hex.slice(20, 32)}`;
  }
}

const attentionKeyOfRelease = (id: ReleaseId): string => `release.${id}`;
