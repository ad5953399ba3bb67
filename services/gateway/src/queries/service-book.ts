import { Inject, Injectable } from '@nestjs/common';
import type { DataOf, FailedCheck, ServicePresence } from '@gantry/contracts';
import { CLOCK, type Clock } from '@gantry/service-kit';

/** A replica as this gateway last heard of it. */
export interface ReplicaSeen {
  readonly service: string;
  readonly instance: string;
  readonly startedAt: string;
  readonly ageMs: number;
  readonly failing: readonly FailedCheck[];
}

type Presence = DataOf<typeof ServicePresence>;

/** After this a replica is shown no more. */
const FORGET_MS = 600_000;
const AT_MOST = 500;

/** What services tell of themselves: heard on the bus, so that it is known here also while the database is away. */
@Injectable()
export class ServiceBook {
  private readonly seen = new Map<string, Presence & { readonly atMs: number }>();

  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  hear(presence: Presence): void {
    const key = `${presence.service}/${presence.instance}`;
    if (!this.seen.has(key) && this.seen.size >= AT_MOST) return;
    this.seen.set(key, { ...presence, atMs: this.nowMs() });
  }

  /** Every replica heard of in the last ten minutes, by name; the age is for the reader to judge. */
  read(): readonly ReplicaSeen[] {
    const nowMs = this.nowMs();
    for (const [key, { atMs }] of this.seen) if (nowMs - atMs > FORGET_MS) this.seen.delete(key);
    return [...this.seen.values()]
      .map(({ atMs, ...presence }) => ({ ...presence, ageMs: nowMs - atMs }))
      .sort((a, b) => `${a.service} ${a.instance}`.localeCompare(`${b.service} ${b.instance}`));
  }

  private nowMs(): number {
    return this.clock.now().getTime();
  }
}
