import { randomUUID } from 'node:crypto';

const EVENTS_PER_STREAM = 40;

/** Where each writer stands: streams of forty events, one after the other, as deployments are. */
export class StreamWalk {
  private readonly places = new Map<number, { id: string; version: number }>();

  /** The stream a writer is in, and the version it has so far. */
  next(writer: number): { readonly id: string; readonly version: number } {
    let place = this.places.get(writer);
    if (place === undefined || place.version >= EVENTS_PER_STREAM) {
      place = { id: randomUUID(), version: 0 };
      this.places.set(writer, place);
    }
    const { id, version } = place;
    place.version += 1;
    return { id, version };
  }
}
