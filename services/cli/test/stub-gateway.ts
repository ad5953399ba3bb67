import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a route answers; a function is called with the body that came. */
export type Answer = (body: unknown, response: ServerResponse) => void;

/** A gateway that knows the routes the test gives it, as `METHOD /path` below /api/v1. */
export interface StubGateway {
  readonly url: string;
  readonly calls: { readonly route: string; readonly body: unknown; readonly key: unknown }[];
  on(route: string, ...answers: Answer[]): StubGateway;
  reset(): void;
  close(): Promise<void>;
}

/** Starts one on a free loopback port. */
export async function startStubGateway(): Promise<StubGateway> {
  const routes = new Map<string, Answer[]>();
  const calls: StubGateway['calls'] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const route = `${request.method ?? ''} ${(request.url ?? '').replace('/api/v1', '')}`;
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      calls.push({ route, body, key: request.headers['idempotency-key'] });
      const answers = routes.get(route) ?? [];
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      (answer ?? problem(404, 'stub.no-route'))(body, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stub: StubGateway = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    on: (route, ...answers) => {
      routes.set(route, answers);
      return stub;
    },
    reset: () => {
      routes.clear();
      calls.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return stub;
}

/** Answers JSON. */
export const json =
  (body: unknown, status = 200, type = 'application/json'): Answer =>
  (_body, response) => {
    response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
  };

/** Answers a problem. */
export const problem = (
  status: number,
  code: string,
  more: Readonly<Record<string, unknown>> = {},
): Answer =>
  json(
    {
      type: `urn:gantry:problem:${code}`,
      title: code,
      status,
      detail: `It is ${code}.`,
      code,
      ...more,
    },
    status,
    'application/problem+json',
  );

/** One server-sent event. */
export const frame = (event: string, data: unknown, id?: string): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/** Answers an event stream that stays open, or breaks after its last frame. */
export const stream =
  (frames: readonly string[], then: 'stay' | 'break' = 'stay'): Answer =>
  (_body, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(frames.join(''), () => {
      if (then === 'break') response.destroy();
    });
  };
