import { Injectable } from '@nestjs/common';
import { ProblemException } from '../http/problem.js';

interface Remembered {
  readonly fingerprint: string;
  inFlight: Promise<unknown> | undefined;
}

const REMEMBERED = 10_000;

/**
 * Sees to it that one idempotency key means one thing: the same key with another request is refused, and the same request
 * sent twice at once is one. It remembers the latest keys only; across restarts and replicas the ids derived from the key
 * do the same (see derivedId).
 */
@Injectable()
export class RepeatGuard {
  private readonly known = new Map<string, Remembered>();

  /** Does the work, or shares the work that is under way under this key. */
  async once<T>(key: string, fingerprint: string, work: () => Promise<T>): Promise<T> {
    const entry = this.entryOf(key, fingerprint);
    if (entry.inFlight !== undefined) return entry.inFlight as Promise<T>;
    const inFlight = work();
    entry.inFlight = inFlight;
    try {
      return await inFlight;
    } finally {
      entry.inFlight = undefined;
    }
  }

  private entryOf(key: string, fingerprint: string): Remembered {
    const known = this.known.get(key);
    if (known !== undefined && known.fingerprint !== fingerprint) {
      throw new ProblemException({
        status: 422,
        code: 'idempotency.key-reused',
        detail: 'This Idempotency-Key was used for another request before.',
        todo: 'Use a new key for a new request, and the same key only to repeat one.',
      });
    }
    const entry = known ?? { fingerprint, inFlight: undefined };
    this.known.set(key, entry);
    if (this.known.size > REMEMBERED) this.forgetOldest();
    return entry;
  }

  private forgetOldest(): void {
    for (const [key, entry] of this.known) {
      if (entry.inFlight !== undefined) continue;
      this.known.delete(key);
      return;
    }
  }
}
