import { Injectable } from '@nestjs/common';

/** Oldest first out. A replay that is older than that asks for one look too many, which a look survives. */
const MOST = 20_000;

/** Deliveries that were taken, so that a replay is not taken again. */
@Injectable()
export class DeliveryMemory {
  private readonly known = new Set<string>();

  /** Takes a delivery by everything it is known by; false when any of it was taken before. */
  take(keys: readonly string[]): boolean {
    if (keys.some((key) => this.known.has(key))) return false;
    for (const key of keys) this.known.add(key);
    while (this.known.size > MOST) this.known.delete(this.known.values().next().value ?? '');
    return true;
  }

  /** It had no effect after all: the sender may send it again. */
  giveBack(keys: readonly string[]): void {
    for (const key of keys) this.known.delete(key);
  }
}
