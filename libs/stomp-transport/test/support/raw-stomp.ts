import { once } from 'node:events';
import net from 'node:net';

/** Sends one SEND frame as a stranger might: nothing is checked, nothing escaped. Resolves with what the broker said. */
export async function sendRaw(
  port: number,
  headers: readonly string[],
  body: string,
): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  let heard = '';
  socket.on('data', (chunk) => {
    heard += chunk.toString('utf8');
  });
  const frame = (lines: readonly string[], text = ''): string =>
    `${lines.join('\n')}\n\n${text}\0\n`;
  socket.write(frame(['CONNECT', 'accept-version:1.2', 'host:/', 'heart-beat:0,0']));
  socket.write(frame(['SEND', ...headers], body));
  socket.write(frame(['DISCONNECT', 'receipt:bye']));
  await once(socket, 'close');
  return heard;
}
