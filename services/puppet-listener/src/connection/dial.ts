import { brokerTlsProblem, stompHeartbeat } from '@gantry/contracts';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { BrokerOptions } from './broker-options.js';
import { readTlsFiles } from './tls-files.js';
import { stompitConnect, type StompitClient } from './stompit.js';

const CONNECT_LIMIT_MS = 10_000;
const BEATS = stompHeartbeat(10_000);
const DEFAULT_PORT = 61_613;

/** One attempt at one broker of the list: TCP, TLS, CONNECT and CONNECTED within one limit. */
export function dial(uri: string, options: BrokerOptions): Promise<StompitClient> {
  let failed: Error | undefined;
  return new Promise((resolve, reject) => {
    const client = stompitConnect(
      {
        connect: (_ignored, onConnected) =>
          openSocket(uri, options, onConnected).on('error', (error) => (failed ??= error)),
        timeout: 0,
        maxLineLength: 65_536,
        maxHeaders: 512,
        heartbeatDelayMargin: BEATS.delayMarginMs,
        heartbeatOutputMargin: BEATS.outputMarginMs,
        connectHeaders: {
          host: '/',
          'accept-version': '1.2',
          'heart-beat': BEATS.header,
          login: options.login,
          ...(options.passcode === undefined ? {} : { passcode: options.passcode }),
        },
      },
      (error, connected) => {
        clearTimeout(limit);
        if (error) reject(inWords(uri, failed ?? error));
        else resolve(connected);
      },
    );
    // Without a listener an error would end the process.
    client.on('error', () => undefined);
    // stompit's own time limit ends with the TCP connection: a broker that then says nothing would hold us for ever.
    const limit = setTimeout(() => {
      reject(new Error(`${uri} did not answer CONNECT within ${CONNECT_LIMIT_MS} ms`));
      client.destroy();
    }, CONNECT_LIMIT_MS);
  });
}

/** Nagle's algorithm off: it costs 40 ms and more for each confirmation. */
function openSocket(uri: string, options: BrokerOptions, onConnected: () => void): Socket {
  const { hostname, port, protocol } = new URL(uri);
  const at = { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port || DEFAULT_PORT) };
  const named = isIP(at.host) === 0 ? { servername: at.host } : {};
  const socket =
    protocol === 'stomp+ssl:'
      ? connectTls({ ...at, ...named, ...readTlsFiles(options.files) }, onConnected)
      : connect(at, onConnected);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 15_000);
  return socket;
}

/** stompit only hands on the text of what ended the socket, and that says little of certificates. */
function inWords(uri: string, error: Error & { code?: string }): Error {
  const problem = brokerTlsProblem(error.code ?? '');
  return problem === undefined
    ? error
    : new Error(`${uri}: ${problem} (${error.code})`, { cause: error });
}
