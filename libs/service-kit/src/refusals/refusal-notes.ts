import { Inject, Injectable } from '@nestjs/common';
import { AccessRefusalObserved, type DataOf } from '@gantry/contracts';
import { Log } from '../logging/log.js';
import { BUS, type MessageBus } from '../messaging/bus.port.js';
import { Repeated } from '../time/repeated.js';

type Noted = DataOf<typeof AccessRefusalObserved>;
/** Who was refused what, and why. */
export type Refused = Omit<Noted, 'times'>;

const WINDOW_MS = 60_000;
/** So many of one kind in a minute are told one by one. */
const ONE_BY_ONE = 20;
/** Kinds that are counted apart in a minute; the rest are counted together. */
const KINDS = 200;

/**
 * Puts what a service refuses on record. Whoever is refused over and over must not fill the log with it: beyond a number in a
 * minute the same refusals of the same caller are counted, and told together at its end.
 */
@Injectable()
export class RefusalNotes extends Repeated {
  private readonly counts = new Map<string, { readonly first: Refused; times: number }>();

  constructor(
    @Inject(BUS) private readonly bus: MessageBus,
    @Inject(Log) log: Log,
  ) {
    super(log, { everyMs: WINDOW_MS, failure: 'refusals not put on record' });
  }

  /** Does not wait: whoever is refused gets an answer also while nothing can be recorded. */
  note(refused: Refused): void {
    const bounded = clipped(refused);
    const count = this.countOf(bounded);
    count.times += 1;
    if (count.times > ONE_BY_ONE) return;
    this.tell({ ...bounded, times: 1 }).catch((error: unknown) => {
      this.log.warn('a refusal was not put on record', { error, ...bounded });
    });
  }

  protected async once(): Promise<void> {
    const counted = [...this.counts.values()];
    this.counts.clear();
    for (const { first, times } of counted)
      if (times > ONE_BY_ONE) await this.tell({ ...first, times: times - ONE_BY_ONE });
  }

  private countOf(refused: Refused): { times: number } {
    const { who, from, code } = this.counts.size < KINDS ? refused : OTHERS;
    const key = JSON.stringify([who, from, code]);
    const known = this.counts.get(key) ?? { first: { ...refused, who, from, code }, times: 0 };
    this.counts.set(key, known);
    return known;
  }

  private async tell(noted: Noted): Promise<void> {
    await this.bus.publish(AccessRefusalObserved, noted, {});
  }
}

const OTHERS = { who: 'many', from: 'many', code: 'many' };

/** What was sent may be of any length and any letters; a line of a log stays one line. */
function clipped({ who, from, what, code, why }: Refused): Refused {
  const line = (text: string, length: number): string =>
    text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ').slice(0, length) || 'unknown';
  return {
    who: line(who, 128),
    from: line(from, 128),
    what: line(what, 300),
    code: /^[a-z0-9][a-z0-9.-]{0,126}$/.test(code) ? code : 'other',
    why: line(why, 500),
  };
}
