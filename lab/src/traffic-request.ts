import { type Agent, get } from 'node:http';

/** What came of one request. */
export type Answer =
  | { readonly kind: 'answered'; readonly version: string; readonly host: string }
  | { readonly kind: 'malformed'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string };

const TIMEOUT_MS = 30_000;

/** One request of a customer; never throws, never tries again. */
export function ask(url: URL, agent: Agent): Promise<Answer> {
  return new Promise((resolve) => {
    const failed = (why: string) => resolve({ kind: 'failed', why: `${url.pathname}: ${why}` });
    const request = get(url, { agent, timeout: TIMEOUT_MS }, (response) => {
      let body = '';
      response.on('data', (data: Buffer) => (body += data.toString()));
      response.on('error', (error) => failed(`cut in the answer: ${error.message}`));
      response.on('end', () => {
        if (response.statusCode === 200) resolve(parse(body));
        else failed(`status ${response.statusCode ?? 0}`);
      });
    });
    request.on('timeout', () => request.destroy(new Error(`no answer in ${TIMEOUT_MS / 1000} s`)));
    request.on('error', (error) => failed(error.message));
  });
}

function parse(body: string): Answer {
  const malformed: Answer = { kind: 'malformed', why: `malformed answer ${body.slice(0, 100)}` };
  try {
    const about = JSON.parse(body) as { app?: unknown; version?: unknown; host?: unknown };
    const { app, version, host } = about;
    if (app !== 'shop' || typeof version !== 'string' || typeof host !== 'string') return malformed;
    return { kind: 'answered', version, host };
  } catch {
    return malformed;
  }
}
