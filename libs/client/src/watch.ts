import type { EventSourceMessage } from 'eventsource-parser';
import type { z } from 'zod';
import { ProblemError, UnexpectedAnswerError, UnreachableError } from './errors.js';
import type { Fetch } from './http-call.js';
import { backOffMs, pause } from './pause.js';
import type { WatchOptions } from './requests.js';
import { readConnection } from './sse-connection.js';
import { streamItemOf, type StreamItem } from './stream-item.js';

/** Where a watch reads, and for how long it puts up with a server that does not answer. */
export interface WatchSettings<View> {
  readonly fetch: Fetch;
  readonly url: string;
  readonly giveUpAfterMs: number;
  /** What the state of the watched thing looks like. */
  readonly view: z.ZodType<View>;
}

/** What a watch remembers between its connections. */
interface Progress {
  after: string | undefined;
  attempt: number;
  lastHeard: number;
  readonly signal: AbortSignal;
}

const NEVER = new AbortController().signal;

/**
 * Follows an event stream over as many connections as it takes, each going on after the last event seen: nothing is
 * missed and nothing comes twice. Ends when the signal says so; throws what the server refused, or UnreachableError
 * when no connection could be had for `giveUpAfterMs`.
 */
export async function* watch<View>(
  settings: WatchSettings<View>,
  options: WatchOptions = {},
): AsyncGenerator<StreamItem<View>> {
  const signal = options.signal ?? NEVER;
  const progress: Progress = {
    after: options.from,
    attempt: 0,
    lastHeard: performance.now(),
    signal,
  };
  for (;;) {
    const why = yield* follow(settings, progress);
    if (stopped(signal)) return;
    options.onReconnect?.(why);
    await pause(backOffMs(progress.attempt), signal);
    if (stopped(signal)) return;
    progress.attempt += 1;
  }
}

/** One connection from its opening to its end; returns why it ended, throws what another connection would not cure. */
async function* follow<View>(
  settings: WatchSettings<View>,
  progress: Progress,
): AsyncGenerator<StreamItem<View>, string> {
  const { after, signal } = progress;
  try {
    for await (const message of readConnection({ ...settings, after, signal })) {
      progress.attempt = 0;
      progress.lastHeard = performance.now();
      const item = itemOf(settings, message);
      if (item?.kind === 'log') progress.after = item.position;
      if (item !== undefined) yield item;
    }
  } catch (error) {
    if (signal.aborted) return 'stopped';
    const silentForMs = performance.now() - progress.lastHeard;
    if (!mayPass(error) || silentForMs > settings.giveUpAfterMs) throw error;
    return error.message;
  }
  return 'the server closed the stream';
}

// A function, because the compiler takes `aborted` for settled once it was tested.
const stopped = (signal: AbortSignal): boolean => signal.aborted;

const mayPass = (error: unknown): error is Error =>
  error instanceof UnreachableError || (error instanceof ProblemError && error.status >= 500);

function itemOf<View>(
  { url, view }: WatchSettings<View>,
  message: EventSourceMessage,
): StreamItem<View> | undefined {
  try {
    return streamItemOf(message, view);
  } catch (cause) {
    throw new UnexpectedAnswerError(url, `event ${message.event ?? ''}`, { cause });
  }
}
