import { connect } from 'node:net';
import type { BrokerCredentials } from './broker-access.js';

/** True when a STOMP server lets this account in: more than an open port, less than a client. */
export function stompAnswers(
  host: string,
  port: number,
  account: BrokerCredentials,
): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('error', () => settle(false));
    socket.once('timeout', () => settle(false));
    socket.once('data', (data) => settle(data.toString().startsWith('CONNECTED')));
    const headers = `accept-version:1.2\nhost:${host}\nlogin:${account.login}\npasscode:${account.passcode}`;
    socket.once('connect', () => socket.write(`CONNECT\n${headers}\n\n\0`));
  });
}
