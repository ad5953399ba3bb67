import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What to do with a connection that is about to commit; `silent` leaves it open and says nothing any more. */
export type Cut = 'never' | 'before-commit' | 'after-commit' | 'silent';

/** A proxy in front of Postgres that can lose a COMMIT's question or its answer. */
export class CuttingProxy {
  cut: Cut = 'never';
  /** Decides anew at every commit, in place of `cut`. */
  draw: (() => Cut) | undefined;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: number,
  ) {}

  static async start(target: number): Promise<CuttingProxy> {
    const server = createServer();
    const proxy = new CuttingProxy(server, target);
    server.on('connection', (client) => proxy.serve(client));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(client: Socket): void {
    const upstream = connect(this.target, '127.0.0.1');
    let committing = false;
    for (const socket of [client, upstream]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
        this.sockets.delete(socket);
      });
    }
    client.on('data', (data) => {
      const cut = data.includes('log.commit') ? (this.draw?.() ?? this.cut) : 'never';
      if (cut !== 'never') {
        if (cut === 'silent') return undefined;
        if (cut === 'before-commit') return client.destroy();
        committing = true;
      }
      return upstream.write(data);
    });
    // The answer to a commit arrives, so the commit stands; the client never hears of it.
    upstream.on('data', (data) => (committing ? client.destroy() : client.write(data)));
  }
}
