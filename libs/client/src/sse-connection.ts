import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { ProblemError, UnexpectedAnswerError, UnreachableError } from './errors.js';
import { problemOf, whyUnreachable, type Fetch } from './http-call.js';

/** The server says something every 10 s; a connection silent for longer than this is dead, whatever TCP believes. */
const SILENCE_MS = 35_000;
const MAX_EVENT_CHARS = 8_000_000;

/** One connection to an event stream. */
export interface SseRequest {
  readonly fetch: Fetch;
  readonly url: string;
  readonly after: string | undefined;
  readonly signal: AbortSignal;
}

/** Opens one connection and yields its events until it ends; throws UnreachableError when it breaks. */
export async function* readConnection(request: SseRequest): AsyncGenerator<EventSourceMessage> {
  const silence = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const heard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), SILENCE_MS);
  };
  heard();
  try {
    const response = await open(request, AbortSignal.any([request.signal, silence.signal]));
    const pending: EventSourceMessage[] = [];
    const parser = createParser({
      onEvent: (event) => pending.push(event),
      maxBufferSize: MAX_EVENT_CHARS,
    });
    const decoder = new TextDecoder();
    for await (const chunk of bodyOf(response, request.url)) {
      heard();
      parser.feed(decoder.decode(chunk, { stream: true }));
      yield* pending.splice(0);
    }
  } catch (error) {
    if (isOurs(error) || request.signal.aborted) throw error;
    const why = silence.signal.aborted ? 'the stream fell silent' : whyUnreachable(error);
    throw new UnreachableError(request.url, why, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

const isOurs = (error: unknown): boolean =>
  error instanceof ProblemError || error instanceof UnexpectedAnswerError;

async function open(request: SseRequest, signal: AbortSignal): Promise<Response> {
  const resume = request.after === undefined ? {} : { 'last-event-id': request.after };
  const response = await request.fetch(request.url, {
    headers: { accept: 'text/event-stream', ...resume },
    signal,
  });
  if (!response.ok) throw await problemOf(response, request.url);
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('text/event-stream'))
    throw new UnexpectedAnswerError(request.url, `content type ${type}`);
  return response;
}

function bodyOf(response: Response, url: string): AsyncIterable<Uint8Array> {
  if (response.body === null) throw new UnexpectedAnswerError(url, 'no body');
  return response.body;
}
