import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server was asked. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What it answers; `hang` = never. */
export type Answer =
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  | 'hang'
  | 'cut';

/** A real HTTP server that keeps its own trace: what it was asked, and how many connections there were. */
export class TracedServer {
  readonly asked: Asked[] = [];
  connections = 0;

  private constructor(
    private readonly server: Server,
    readonly port: number,
    readonly host: string,
  ) {}

  static async start(
    answer: (asked: Asked) => Answer,
    { host = '127.0.0.1', port = 0 } = {},
  ): Promise<TracedServer> {
    const server = createServer((request, response) => {
      void handle(request, response, (asked) => {
        traced.asked.push(asked);
        return answer(asked);
      });
    });
    server.on('connection', () => (traced.connections += 1));
    server.listen(port, host);
    await once(server, 'listening');
    const traced = new TracedServer(server, (server.address() as AddressInfo).port, host);
    return traced;
  }

  get url(): string {
    return `http://${this.host}:${this.port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (asked: Asked) => Answer,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://server');
  const given = answer({
    method: request.method ?? '',
    path: pathname,
    query: searchParams,
    headers: request.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  });
  if (given === 'hang') return;
  if (given === 'cut') {
    request.socket.destroy();
    return;
  }
  response.writeHead(given.status ?? 200, { ...given.headers });
  response.end(given.body ?? '');
}
