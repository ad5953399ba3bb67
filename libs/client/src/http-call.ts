import type { z } from 'zod';
import { Problem, ProblemError, UnexpectedAnswerError, UnreachableError } from './errors.js';
import { errorLike } from './error-like.js';
import { backOffMs, pause } from './pause.js';

/** The part of `fetch` the client needs; a test or a proxy may bring its own. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Where and how calls are made. */
export interface HttpSettings {
  readonly baseUrl: string;
  readonly fetch: Fetch;
  readonly timeoutMs: number;
  readonly attempts: number;
}

/** One call; `body` makes it a POST. */
export interface HttpCall<T> {
  readonly path: string;
  readonly answer: z.ZodType<T>;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

/** Why a call got no answer, in words a person can use. */
export function whyUnreachable(thrown: unknown): string {
  const error = errorLike(thrown);
  if (error.name === 'TimeoutError') return 'it took too long';
  // `fetch` says only "fetch failed"; what happened stands in its cause.
  const { code, message } = error.cause === undefined ? error : errorLike(error.cause);
  if (code === 'ECONNREFUSED') return 'nobody listens there';
  return message === '' ? code : message;
}

/** Reads a refusal; anything that is not problem+json is an answer of something else. */
export async function problemOf(response: Response, url: string): Promise<Error> {
  const text = await response.text();
  try {
    return new ProblemError(Problem.parse(JSON.parse(text)));
  } catch (cause) {
    return new UnexpectedAnswerError(url, `HTTP ${response.status}`, { cause });
  }
}

async function once<T>(settings: HttpSettings, call: HttpCall<T>): Promise<T> {
  const url = settings.baseUrl + call.path;
  const timeout = AbortSignal.timeout(settings.timeoutMs);
  const signal = call.signal === undefined ? timeout : AbortSignal.any([timeout, call.signal]);
  let response: Response;
  let text: string;
  try {
    response = await settings.fetch(url, initOf(call, signal));
    if (!response.ok) throw await problemOf(response, url);
    text = await response.text();
  } catch (error) {
    if (error instanceof ProblemError || error instanceof UnexpectedAnswerError) throw error;
    call.signal?.throwIfAborted();
    throw new UnreachableError(url, whyUnreachable(error), { cause: error });
  }
  return read(call, url, text);
}

function initOf(call: HttpCall<unknown>, signal: AbortSignal): RequestInit {
  const accept = { accept: 'application/json' };
  if (call.body === undefined) return { headers: accept, signal };
  const key = call.idempotencyKey === undefined ? {} : { 'idempotency-key': call.idempotencyKey };
  return {
    method: 'POST',
    headers: { ...accept, ...key, 'content-type': 'application/json' },
    body: JSON.stringify(call.body),
    signal,
  };
}

function read<T>(call: HttpCall<T>, url: string, text: string): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new UnexpectedAnswerError(url, 'not JSON', { cause });
  }
  const parsed = call.answer.safeParse(json);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new UnexpectedAnswerError(url, `unexpected ${where}`, { cause: parsed.error });
}

const worthAnotherTry = (error: unknown): boolean =>
  error instanceof UnreachableError || (error instanceof ProblemError && error.status === 503);

/**
 * Makes a call, and again when no answer came or the server was not ready. Repeating is safe: reads change nothing, and
 * a command carries the same idempotency key each time.
 */
export async function call<T>(settings: HttpSettings, what: HttpCall<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(settings, what);
    } catch (error) {
      if (!worthAnotherTry(error) || attempt >= settings.attempts) throw error;
      await pause(backOffMs(attempt - 1), what.signal);
      what.signal?.throwIfAborted();
    }
  }
}
