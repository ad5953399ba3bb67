import type { IncomingMessage } from 'node:http';
import type { Answer } from './health-judge.js';

const MAX_BODY = 65_536;

/** Asks a URL once with node's own client: the built-in fetch would double this program's memory. Redirects are not followed. */
export async function askOnce(url: string, timeoutMs: number): Promise<Answer> {
  const { get } = url.startsWith('https:') ? await import('node:https') : await import('node:http');
  return new Promise((resolve) => {
    const fail = (problem: string): void => resolve({ status: null, body: '', problem });
    const limit = AbortSignal.timeout(timeoutMs);
    const request = get(
      url,
      { signal: limit, agent: false, headers: { 'user-agent': 'gantry' } },
      (response) => {
        collect(response, resolve, fail);
      },
    );
    request.on('error', (error) => {
      fail(limit.aborted ? `no answer within ${timeoutMs} ms` : error.message);
    });
  });
}

function collect(
  response: IncomingMessage,
  resolve: (answer: Answer) => void,
  fail: (problem: string) => void,
): void {
  let body = '';
  response.setEncoding('utf8');
  const done = (): void => resolve({ status: response.statusCode ?? null, body });
  response.on('data', (chunk: string) => {
    body += chunk;
    if (body.length > MAX_BODY) {
      done();
      response.destroy();
    }
  });
  response.on('end', done);
  response.on('error', (error) => fail(error.message));
}
