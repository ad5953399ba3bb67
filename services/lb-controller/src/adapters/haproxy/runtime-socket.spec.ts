import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { RuntimeSocket } from './runtime-socket.js';

describe('the Runtime API socket', () => {
  let server: Server | undefined;
  const sockets = new Set<Socket>();

  const listen = async (answer: (command: string, socket: Socket) => void) => {
    server = createServer({ allowHalfOpen: true }, (socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('data', (data) => answer(data.toString(), socket));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return { host: '127.0.0.1', port };
  };

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    if (!server) return;
    server.close();
    await once(server, 'close');
    server = undefined;
  });

  it('asks one thing at a time, however many are waiting', async () => {
    let open = 0;
    let most = 0;
    const endpoint = await listen((command, socket) => {
      open += 1;
      most = Math.max(most, open);
      setImmediate(() => {
        open -= 1;
        socket.end(`${command.trim()}\n`);
      });
    });
    const socket = new RuntimeSocket('lb1', endpoint);
    const asked = Array.from({ length: 30 }, (_, n) => `command ${n}`);
    const answers = await Promise.all(asked.map((command) => socket.ask(command)));
    expect(answers).toEqual(asked.map((command) => `${command}\n`));
    expect(most).toBe(1);
  });

  it('asks again when the process went away before it answered', async () => {
    let times = 0;
    const endpoint = await listen((_command, socket) => {
      times += 1;
      if (times === 1) socket.resetAndDestroy();
      else if (times === 2) socket.end();
      else socket.end('\n');
    });
    expect(await new RuntimeSocket('lb1', endpoint).ask('set server web/web1 state drain')).toBe(
      '\n',
    );
    expect(times).toBe(3);
  });

  it('gives up on a device that says nothing, and is usable afterwards', async () => {
    let silent = true;
    const endpoint = await listen((_command, socket) => {
      if (!silent) socket.end('well\n');
    });
    const socket = new RuntimeSocket('lb1', endpoint, { timeoutMs: 100 });
    const error = await socket.ask('show info').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'unavailable', code: 'lb.unreachable' });
    silent = false;
    expect(await socket.ask('show info')).toBe('well\n');
  });

  it('says that a socket is not there', async () => {
    const socket = new RuntimeSocket('lb1', { path: '/nonexistent/haproxy.sock' }, { attempts: 2 });
    await expect(socket.ask('show info')).rejects.toMatchObject({ code: 'lb.unreachable' });
  });

  it('does not swallow an endless answer', async () => {
    const endpoint = await listen((_command, socket) => {
      const more = (): void => {
        if (socket.destroyed) return;
        if (socket.write('x'.repeat(65_536))) setImmediate(more);
        else socket.once('drain', more);
      };
      more();
    });
    const socket = new RuntimeSocket('lb1', endpoint, { maxAnswerBytes: 1_000_000 });
    await expect(socket.ask('show stat')).rejects.toMatchObject({ code: 'lb.unreadable' });
  });
});
