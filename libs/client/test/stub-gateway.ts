import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call the stub received. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Answers one call. */
export type Answer = (received: Received, response: ServerResponse) => void;

/** A gateway that answers what the test tells it, in turn; the last answer repeats. */
export interface StubGateway {
  readonly url: string;
  readonly received: Received[];
  answer(...answers: Answer[]): void;
  close(): Promise<void>;
}

/** Starts a stub on a free loopback port. */
export async function startStubGateway(): Promise<StubGateway> {
  const received: Received[] = [];
  let answers: Answer[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const call = { method, url, headers, body: Buffer.concat(chunks).toString() };
      received.push(call);
      const next = answers.length > 1 ? answers.shift() : answers[0];
      next?.(call, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: (...list) => {
      answers = list;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Answers JSON. */
export const json =
  (body: unknown, status = 200, type = 'application/json'): Answer =>
  (_received, response) => {
    response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
  };

/** Answers a problem. */
export const problem = (status: number, code: string, detail = 'No.'): Answer =>
  json(
    { type: `urn:gantry:problem:${code}`, title: code, status, detail, code },
    status,
    'application/problem+json',
  );

/** Breaks the connection without an answer. */
export const hangUp: Answer = (_received, response) => {
  response.destroy();
};

/** Answers an event stream with these frames, then ends or breaks it, or leaves it open. */
export const stream =
  (frames: readonly string[], then: 'end' | 'break' | 'stay'): Answer =>
  (_received, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(frames.join(''), () => {
      if (then === 'end') response.end();
      if (then === 'break') response.destroy();
    });
  };
