import { InvalidEventError } from '../errors/invalid-event-error.js';

/** Names one stream: the history of one aggregate, for example one deployment. */
export type StreamId = { readonly type: string; readonly id: string };

const PART = /^[A-Za-z0-9._-]{1,128}$/;

/** The stream's name as one text: it is what locks are taken on and what messages are grouped by. */
export function streamKey(stream: StreamId): string {
  return `${stream.type}-${stream.id}`;
}

/** Refuses a stream whose name could not safely travel in headers, URLs and lock names. */
export function assertStreamId(stream: StreamId): void {
  for (const [part, value] of [
    ['type', stream.type],
    ['id', stream.id],
  ] as const) {
    if (!PART.test(value)) {
      throw new InvalidEventError(
        `Stream ${part} ${JSON.stringify(value.slice(0, 140))} is not allowed: use 1 to 128 of A-Z a-z 0-9 . _ -`,
        { part },
      );
    }
  }
}
