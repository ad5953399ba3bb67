import { Injectable } from '@nestjs/common';

/** Why a stream is held: what befell whoever worked on it. */
export interface Hold {
  readonly cause: 'crash' | 'unreadable';
  readonly detail: string;
}

/** Streams that this process does not touch, so that one of them cannot take the others down with it. */
@Injectable()
export class HeldStreams {
  private readonly holds = new Map<string, Hold>();

  get all(): ReadonlyMap<string, Hold> {
    return this.holds;
  }

  of(stream: string): Hold | undefined {
    return this.holds.get(stream);
  }

  hold(stream: string, hold: Hold): void {
    this.holds.set(stream, hold);
  }

  release(stream: string): void {
    this.holds.delete(stream);
  }
}
