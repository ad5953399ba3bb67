import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { BrokerCredentials } from './broker-access.js';

/** A bare socket to a broker, over TLS if the account has certificates: what is said on it is up to the caller. */
export function brokerSocket(
  at: { readonly host: string; readonly port: number },
  { tlsFiles }: BrokerCredentials,
  onConnected: () => void,
): Socket {
  if (!tlsFiles) return connect(at, onConnected);
  const [ca, cert, key] = [tlsFiles.ca, tlsFiles.cert, tlsFiles.key].map((file) =>
    readFileSync(file),
  );
  const socket = connectTls({ ...at, ca, cert, key } as typeof at, onConnected);
  socket.setNoDelay(true);
  return socket;
}

/** The frame somebody begins with. */
export function connectFrame({ login, passcode }: BrokerCredentials): string {
  const secret = passcode === undefined ? '' : `passcode:${passcode}\n`;
  return `CONNECT\naccept-version:1.2\nhost:gantry\nlogin:${login}\n${secret}\n\0`;
}

/** True when a STOMP server lets this account in: more than an open port, less than a client. */
export function stompAnswers(
  host: string,
  port: number,
  account: BrokerCredentials,
): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = brokerSocket({ host, port }, account, () => socket.write(connectFrame(account)));
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(2_000, () => settle(false));
    socket.once('error', () => settle(false));
    socket.once('close', () => settle(false));
    socket.once('data', (data) => settle(data.toString().startsWith('CONNECTED')));
  });
}
