import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join, normalize } from 'node:path';

/** Serves one folder over HTTP with conditional GETs, and can be unreachable for a while. */
export class StaticServer {
  private server: Server | undefined;

  constructor(
    private readonly folder: string,
    private readonly address: string,
    private readonly port: number,
  ) {}

  get url(): string {
    return `http://${this.address}:${this.port}`;
  }

  async up(): Promise<void> {
    if (this.server) return;
    const server = createServer((request, response) => void this.answer(request, response));
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, this.address, resolve);
    });
    // Taken down again before it listened.
    if (this.server !== server) server.close();
  }

  /** Refuses connections, as a server that is off. */
  async down(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    if (!server) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', this.url).pathname));
    const file = join(this.folder, path);
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    const tag = `"${found.ino}-${found.size}-${found.mtimeMs}"`;
    response.setHeader('etag', tag);
    response.setHeader('last-modified', found.mtime.toUTCString());
    if (request.headers['if-none-match'] === tag) {
      response.writeHead(304).end();
      return;
    }
    response.setHeader('content-length', found.size);
    if (request.method === 'HEAD') response.end();
    else
      createReadStream(file)
        .on('error', () => response.destroy())
        .pipe(response);
  }
}
