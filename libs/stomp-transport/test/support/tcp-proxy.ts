import { once } from 'node:events';
import net from 'node:net';

/** A wire between a client and a broker that a test can make go dead: nothing passes any more, and nobody is told. */
export class TcpProxy {
  private readonly sockets = new Set<net.Socket>();
  private dead = false;
  /** Connections it was asked for so far. */
  accepted = 0;

  private constructor(
    private readonly server: net.Server,
    private readonly target: number,
  ) {
    server.on('connection', (socket) => this.join(socket));
  }

  static async before(target: number): Promise<TcpProxy> {
    const server = net.createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpProxy(server, target);
  }

  get uri(): string {
    return `stomp://127.0.0.1:${(this.server.address() as net.AddressInfo).port}`;
  }

  /** Both ends keep their connection and hear nothing more; who connects now is let in and hears nothing either. */
  goDead(): void {
    this.dead = true;
    for (const socket of this.sockets) socket.unpipe().pause();
  }

  /** New connections work again; the dead ones stay so. */
  heal(): void {
    this.dead = false;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(near: net.Socket): void {
    this.accepted += 1;
    this.keep(near);
    if (this.dead) return;
    const far = net.connect(this.target, '127.0.0.1');
    this.keep(far);
    near.pipe(far).pipe(near);
  }

  private keep(socket: net.Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.sockets.delete(socket));
  }
}
