import type { Fence } from './host-request.js';

/** The newest claim seen per host. In memory only: after a restart the first claim seen counts as the newest. */
export class EpochFence {
  private readonly newest = new Map<string, number>();
  private readonly putBack = new Map<string, number>();

  /** Registers a claim; the fence tells, then and later, whether it is still the newest. */
  claim(host: string, epoch: number): Fence {
    this.newest.set(host, Math.max(epoch, this.newest.get(host) ?? 0));
    return () => epoch >= (this.newest.get(host) ?? 0);
  }

  /** The turn under this claim has put the host back in service: a drain of it that is still on its way comes too late. */
  close(host: string, epoch: number): void {
    this.putBack.set(host, Math.max(epoch, this.putBack.get(host) ?? 0));
  }

  /** As `claim`, for what takes the host out of traffic: not any more once its turn is closed. */
  claimOut(host: string, epoch: number): Fence {
    const current = this.claim(host, epoch);
    return () => current() && epoch > (this.putBack.get(host) ?? -1);
  }
}
