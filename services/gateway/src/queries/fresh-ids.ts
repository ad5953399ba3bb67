import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '@gantry/service-kit';

const FRESH_MS = 10_000;
const REMEMBERED = 1_000;

/**
 * Ids this gateway saw accepted a moment ago. The read models follow the log at a small distance: without this, asking for
 * what was just made could be answered "there is no such thing".
 */
@Injectable()
export class FreshIds {
  private readonly acceptedAt = new Map<string, number>();

  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  /** Remembers an id. */
  add(id: string): void {
    this.acceptedAt.set(id, this.clock.now().getTime());
    const oldest = this.acceptedAt.keys().next();
    if (this.acceptedAt.size > REMEMBERED && oldest.done !== true)
      this.acceptedAt.delete(oldest.value);
  }

  /** Whether it was accepted within the last seconds. */
  has(id: string): boolean {
    const at = this.acceptedAt.get(id);
    return at !== undefined && this.clock.now().getTime() - at < FRESH_MS;
  }
}
