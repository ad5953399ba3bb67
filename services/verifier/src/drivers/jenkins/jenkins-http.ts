import { GantryError, isGantryError } from '@gantry/service-kit';
import type { z } from 'zod';
import type { Credential } from '../../credentials.js';
import { below } from '../../net/below.js';
import type { HttpAnswer } from '../../net/exchange.js';
import type { GuardedHttp } from '../../net/guarded-http.js';
import { Crumb } from './jenkins-answers.js';

const ASK_TIMEOUT_MS = 30_000;

/** What a call takes besides its path. */
export interface CallOptions {
  readonly query?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * Jenkins over HTTP, with credential and crumb. Besides the failures of GuardedHttp: `gate.jenkins-refused` (401, 403),
 * `gate.jenkins-missing` (404) and `gate.jenkins-answer` (anything else that is not what Jenkins says).
 */
export class JenkinsHttp {
  constructor(
    private readonly http: GuardedHttp,
    private readonly base: string,
    private readonly credential: Credential,
  ) {}

  async read<T>(schema: z.ZodType<T>, path: string, options: CallOptions): Promise<T> {
    const { body, status } = await this.call('GET', path, options);
    if (status >= 300) throw answered(path, `HTTP ${status}`);
    return parse(schema, path, body);
  }

  /** Answers may be redirects, which are not followed: Jenkins sends browsers back to a page. */
  async post(path: string, options: CallOptions): Promise<HttpAnswer> {
    return this.call('POST', path, options, await this.crumb(options.signal));
  }

  /** Crumbs hold within a session only, so its cookie goes along. A Jenkins without them has no issuer. */
  private async crumb(signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
    const path = 'crumbIssuer/api/json';
    let answer: HttpAnswer;
    try {
      answer = await this.call('GET', path, { signal });
    } catch (error) {
      if (isGantryError(error) && error.code === 'gate.jenkins-missing') return {};
      throw error;
    }
    const { crumbRequestField, crumb } = parse(Crumb, path, answer.body);
    const cookies = (answer.headers['set-cookie'] ?? []).map(
      (cookie) => cookie.split(';')[0] ?? '',
    );
    return {
      [crumbRequestField]: crumb,
      ...(cookies.length === 0 ? {} : { Cookie: cookies.join('; ') }),
    };
  }

  private async call(
    method: 'GET' | 'POST',
    path: string,
    { query = {}, form, signal }: CallOptions,
    more: Readonly<Record<string, string>> = {},
  ): Promise<HttpAnswer> {
    const { user, token } = this.credential;
    const answer = await this.http.ask({
      url: below(this.base, path, query),
      method,
      timeoutMs: ASK_TIMEOUT_MS,
      signal,
      headers: {
        Authorization: `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`,
        ...(method === 'POST' ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}),
        ...more,
      },
      ...(method === 'POST' ? { body: new URLSearchParams(form).toString() } : {}),
    });
    throwUnlessUsable(path, answer.status);
    return answer;
  }
}

function throwUnlessUsable(path: string, status: number): void {
  if (status === 401 || status === 403)
    throw new GantryError(
      'rejected',
      'gate.jenkins-refused',
      `Jenkins refuses ${path} (HTTP ${status}): check the credential and the rights of its user`,
    );
  if (status === 404)
    throw new GantryError(
      'not-found',
      'gate.jenkins-missing',
      `Jenkins has no ${path}: check the gate's url and job, and that its user may see the job`,
    );
  if (status >= 400) throw answered(path, `HTTP ${status}`);
}

function parse<T>(schema: z.ZodType<T>, path: string, body: string): T {
  try {
    return schema.parse(JSON.parse(body));
  } catch (cause) {
    throw answered(path, 'something that is not what Jenkins says', cause);
  }
}

const answered = (path: string, what: string, cause?: unknown): GantryError =>
  new GantryError(
    'unavailable',
    'gate.jenkins-answer',
    `Jenkins answered ${path} with ${what}. Is the gate's url that of a Jenkins, without a redirect?`,
    cause === undefined ? {} : { cause },
  );
