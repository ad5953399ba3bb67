import { createServer as createPlain, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTls } from 'node:https';
import type { AddressInfo, Server } from 'node:net';

/** Answers one request instead of the files. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A web server whose files are in memory, and which misbehaves where a test says so. */
export class WebOfFiles {
  readonly files = new Map<string, Buffer>();
  readonly answers = new Map<string, Answer>();
  readonly requests: string[] = [];

  private constructor(
    private readonly server: Server & { closeAllConnections(): void },
    private readonly protocol: string,
  ) {}

  static async start(tls?: { key: string; cert: string }): Promise<WebOfFiles> {
    const listener: Answer = (request, response) => web.answer(request, response);
    const server = tls ? createTls(tls, listener) : createPlain(listener);
    const web = new WebOfFiles(server, tls ? 'https' : 'http');
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return web;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `${this.protocol}://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '').slice(1);
    this.requests.push(`${request.method ?? ''} ${path}`);
    const special = this.answers.get(path);
    const file = this.files.get(path);
    if (special) special(request, response);
    else if (file === undefined) response.writeHead(404).end();
    else response.end(file);
  }
}
