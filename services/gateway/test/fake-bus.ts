import type { AnyMessage, DataOf } from '@gantry/contracts';
import { GantryError, type MessageBus, type RequestOptions } from '@gantry/service-kit';

/** A request the gateway made. */
export interface Asked {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly options: RequestOptions;
}

/** Answers one type of request; throwing is answering with an error. */
export type Answer = (asked: Asked) => unknown;

/** A bus on which the test answers. What nobody answers is never answered, as on a real one. */
export class FakeBus implements MessageBus {
  readonly asked: Asked[] = [];
  /** What it published: refusals that go on record. */
  readonly published: Pick<Asked, 'type' | 'data'>[] = [];
  private readonly answers = new Map<string, Answer>();

  /** Answers this type from now on. */
  on(type: string, answer: Answer): this {
    this.answers.set(type, answer);
    return this;
  }

  /** Forgets everything. */
  reset(): void {
    this.asked.length = 0;
    this.published.length = 0;
    this.answers.clear();
  }

  /** The commands that went out, queries left aside. */
  get commands(): readonly Asked[] {
    return this.asked.filter(({ type }) => !type.startsWith('audit.'));
  }

  async request<D extends AnyMessage>(
    definition: D,
    data: DataOf<D>,
    options: RequestOptions,
  ): Promise<unknown> {
    // As on a real bus, the answer is never there at once.
    await Promise.resolve();
    definition.strict.parse(data);
    const asked = { type: definition.type, data, options };
    this.asked.push(asked);
    const answer = this.answers.get(definition.type);
    if (answer === undefined)
      throw new GantryError('unavailable', 'bus.no-answer', `No answer to ${definition.type}.`);
    return answer(asked);
  }

  publish<D extends AnyMessage>(definition: D, data: DataOf<D>): Promise<void> {
    definition.strict.parse(data);
    this.published.push({ type: definition.type, data });
    return Promise.resolve();
  }
  forward(): Promise<void> {
    return Promise.reject(new Error('the gateway forwards nothing'));
  }
  send(): Promise<void> {
    return Promise.reject(new Error('the gateway sends nothing'));
  }
}
