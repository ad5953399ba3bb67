import net from 'node:net';
import tls from 'node:tls';
import { brokerTlsProblem, stompHeartbeat } from '@gantry/contracts';
import { StompError, isError, messageOf } from '../stomp-error.js';
import type { BrokerAddress } from './broker-uri.js';
import type { ConnectionOptions, StompTlsOptions } from './connection-options.js';
import { FrameWriter } from './frame-writer.js';
import { readTlsFiles } from './tls-files.js';
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
    const opened = socketOpener(address, options);
    const settle = (error: unknown): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      if (error === null) {
        resolve(client);
        return;
      }
      reject(failure(address, opened.failure() ?? error));
      client.destroy();
    };
    const client = stompitConnect(connectOptions(options, opened.open), (error) =>
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

function connectOptions(
  options: ConnectionOptions,
  open: (onConnected: () => void) => net.Socket,
): StompitConnectOptions {
  const { header, ...beats } = stompHeartbeat(options.heartbeatMs ?? 10_000);
  return {
    connect: (inner, onConnected) => {
      const socket = open(onConnected);
      inner.outgoingFrameStream = new FrameWriter(socket);
      return socket;
    },
    timeout: 0,
    maxLineLength: MAX_LINE_LENGTH,
    maxHeaders: MAX_HEADERS,
    heartbeatDelayMargin: beats.delayMarginMs,
    heartbeatOutputMargin: beats.outputMarginMs,
    connectHeaders: {
      host: options.virtualHost ?? '/',
      'accept-version': '1.2',
      'heart-beat': header,
      ...(options.login === undefined ? {} : { login: options.login }),
      ...(options.passcode === undefined ? {} : { passcode: options.passcode }),
    },
  };
}

interface SocketOpener {
  readonly open: (onConnected: () => void) => net.Socket;
  /** Why the socket ended: stompit only hands on the text of it. */
  readonly failure: () => Error | undefined;
}

/** Certificates are read here, before there is anything to be undone. */
function socketOpener(address: BrokerAddress, options: ConnectionOptions): SocketOpener {
  const tlsOptions = address.tls ? { ...options.tls, ...filesOf(address, options) } : undefined;
  let failed: Error | undefined;
  return {
    open: (onConnected) =>
      openSocket(address, tlsOptions, onConnected).on('error', (error) => (failed ??= error)),
    failure: () => failed,
  };
}

function filesOf(address: BrokerAddress, { tlsFiles = {} }: ConnectionOptions): StompTlsOptions {
  try {
    return readTlsFiles(tlsFiles);
  } catch (error) {
    throw failure(address, error);
  }
}

/** A socket with Nagle off: without it each request/reply waits 40-90 ms, and `tls.connect` ignores the `noDelay` option. */
function openSocket(
  { host, port }: BrokerAddress,
  tlsOptions: StompTlsOptions | undefined,
  onConnected: () => void,
): net.Socket {
  const socket = tlsOptions
    ? tls.connect({ ...serverName(host), ...tlsOptions, host, port }, onConnected)
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
  const problem = brokerTlsProblem(codeOf(cause));
  const reason = problem === undefined ? messageOf(cause) : `${problem} (${codeOf(cause)})`;
  return new StompError('unavailable', `Cannot connect to ${address.uri}: ${reason}.`, {
    code: problem === undefined ? 'stomp.connect-failed' : 'stomp.tls-failed',
    details: { uri: address.uri },
    cause,
  });
}

function codeOf(error: unknown): string {
  return isError(error) && 'code' in error ? String(error.code) : '';
}
