import net from 'node:net';
import tls from 'node:tls';
import { StompError, messageOf } from '../stomp-error.js';
import type { BrokerAddress } from './broker-uri.js';
import type { ConnectionOptions } from './connection-options.js';
import { FrameWriter } from './frame-writer.js';
import { stompitConnect, type StompitClient, type StompitConnectOptions } from './stompit.js';

const MAX_LINE_LENGTH = 65_536;
const MAX_HEADERS = 512;

/** One attempt to reach one broker: TCP, TLS if asked for, CONNECT and CONNECTED, all within one time limit. */
export function dial(
  address: BrokerAddress,
  options: ConnectionOptions,
  signal: AbortSignal,
): Promise<StompitClient> {
  const limitMs = options.connectTimeoutMs ?? 5_000;
  return new Promise((resolve, reject) => {
    const settle = (error: unknown): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      if (error === null) {
        resolve(client);
        return;
      }
      reject(failure(address, error));
      client.destroy();
    };
    const client = stompitConnect(connectOptions(address, options), (error) =>
      settle(withoutSecrets(error)),
    );
    // A client without a listener for 'error' would end the process; whoever takes the client adds its own.
    client.on('error', () => undefined);
    // stompit's own timeout ends when TCP is up: a server that never says CONNECTED would hang us for ever.
    const timer = setTimeout(() => settle(new Error(`no CONNECTED within ${limitMs} ms`)), limitMs);
    const abort = (): void => settle(new Error('the connection is being closed'));
    signal.addEventListener('abort', abort);
  });
}

/** stompit hangs the connect options, passcode and all, on the error. */
function withoutSecrets(error: Error | null): Error | null {
  if (error !== null) Reflect.deleteProperty(error, 'connectArgs');
  return error;
}

function connectOptions(address: BrokerAddress, options: ConnectionOptions): StompitConnectOptions {
  const beatMs = options.heartbeatMs ?? 10_000;
  return {
    connect: (inner, onConnected) => {
      const socket = openSocket(address, options, onConnected);
      inner.outgoingFrameStream = new FrameWriter(socket);
      return socket;
    },
    timeout: 0,
    maxLineLength: MAX_LINE_LENGTH,
    maxHeaders: MAX_HEADERS,
    // Wide margins: a busy event loop must not look like a dead broker, nor we like a dead client.
    heartbeatDelayMargin: Math.round(beatMs / 2),
    heartbeatOutputMargin: Math.round(beatMs / 5),
    connectHeaders: {
      host: options.virtualHost ?? '/',
      'accept-version': '1.2',
      'heart-beat': `${beatMs},${beatMs}`,
      ...(options.login === undefined ? {} : { login: options.login }),
      ...(options.passcode === undefined ? {} : { passcode: options.passcode }),
    },
  };
}

/** A socket with Nagle off: without it each request/reply waits 40-90 ms, and `tls.connect` ignores the `noDelay` option. */
function openSocket(
  address: BrokerAddress,
  options: ConnectionOptions,
  onConnected: () => void,
): net.Socket {
  const { host, port } = address;
  const socket = address.tls
    ? tls.connect({ ...serverName(host), ...options.tls, host, port }, onConnected)
    : net.connect({ host, port }, onConnected);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 15_000);
  return socket;
}

/** Server Name Indication must not carry an address. */
function serverName(host: string): { servername?: string } {
  return net.isIP(host) === 0 ? { servername: host } : {};
}

function failure(address: BrokerAddress, cause: unknown): StompError {
  return new StompError('unavailable', `Cannot connect to ${address.uri}: ${messageOf(cause)}.`, {
    code: 'stomp.connect-failed',
    details: { uri: address.uri },
    cause,
  });
}
