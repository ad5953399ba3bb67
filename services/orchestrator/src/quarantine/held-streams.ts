import { Inject, Injectable } from '@nestjs/common';
import { CorruptLogError } from '@gantry/event-log';
import { CRASH_LEDGER, type CrashLedger, type Killer } from '../persistence/crash-ledger.js';

/** Why a stream is held: what befell whoever worked on it. */
export interface Hold {
  readonly cause: 'crash' | 'unreadable' | 'restored';
  readonly detail: string;
}

/** What came of work on a stream that may be held. */
export type Worked<T> = { readonly done: T } | { readonly held: Hold };

/** Streams that this process does not touch, so that one of them cannot take the others down with it. */
@Injectable()
export class HeldStreams {
  private readonly holds = new Map<string, Hold>();

  constructor(@Inject(CRASH_LEDGER) private readonly ledger: CrashLedger) {}

  get all(): ReadonlyMap<string, Hold> {
    return this.holds;
  }

  of(stream: string): Hold | undefined {
    return this.holds.get(stream);
  }

  hold(stream: string, hold: Hold): void {
    this.holds.set(stream, hold);
  }

  /** This life begins: what the lives before it died of. */
  killers(): Promise<readonly Killer[]> {
    return this.ledger.begin();
  }

  async release(stream: string): Promise<void> {
    await this.ledger.forgive(stream);
    this.holds.delete(stream);
  }

  /** Does the work unless the stream is held; one whose events cannot be read is held from then on. */
  async working<T>(stream: string, work: string, does: () => Promise<T>): Promise<Worked<T>> {
    const held = this.holds.get(stream);
    if (held !== undefined) return { held };
    try {
      return { done: await this.ledger.during(stream, work, does) };
    } catch (error) {
      if (!(error instanceof CorruptLogError)) throw error;
      const unreadable: Hold = { cause: 'unreadable', detail: error.message };
      this.holds.set(stream, unreadable);
      return { held: unreadable };
    }
  }
}
