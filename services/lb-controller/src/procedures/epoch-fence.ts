import type { Fence } from './host-request.js';

/** The newest claim seen per host. In memory only: after a restart the first claim seen counts as the newest. */
export class EpochFence {
  private readonly newest = new Map<string, number>();

  /** Registers a claim; the fence tells, then and later, whether it is still the newest. */
  claim(host: string, epoch: number): Fence {
    this.newest.set(host, Math.max(epoch, this.newest.get(host) ?? 0));
    return () => epoch >= (this.newest.get(host) ?? 0);
  }
}
