import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An application with a health switch that counts what reaches it; `GET /hold/<id>` is answered until it is let go. */
export class DemoApplication {
  well = true;
  hits = 0;
  checks = 0;
  private readonly held = new Map<string, ServerResponse>();

  private constructor(
    readonly member: string,
    private readonly server: Server,
  ) {}

  static async start(member: string): Promise<DemoApplication> {
    const server = createServer();
    const application = new DemoApplication(member, server);
    server.on('request', (request, response) => application.answer(request.url ?? '', response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return application;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  letGo(url: string): void {
    this.held.get(url)?.end();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private answer(url: string, response: ServerResponse): void {
    if (url === '/health') {
      this.checks += 1;
      response.statusCode = this.well ? 200 : 500;
      response.end();
      return;
    }
    this.hits += 1;
    response.setHeader('x-member', this.member);
    if (url.startsWith('/hold/')) {
      this.held.set(url, response);
      response.write('held\n');
    } else response.end('served\n');
  }
}
