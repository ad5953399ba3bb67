import { brokerSocket, connectFrame, type BrokerCredentials } from '@gantry/lab';

const LIMIT_MS = 10_000;

/** Somebody who talks to a broker. */
export interface StompSpeaker {
  readonly uri: string;
  readonly account: BrokerCredentials;
}

/**
 * Says frames and returns what the broker answers, up to `until` or to the end of the connection.
 * Less than a client, so that no client's own reconnecting hides what the broker does.
 */
export function converseStomp(
  speaker: StompSpeaker,
  frames: readonly string[],
  until: RegExp,
): Promise<string> {
  const { hostname, port } = new URL(speaker.uri);
  const at = { host: hostname, port: Number(port) };
  const hello = connectFrame(speaker.account);
  return new Promise((resolve, reject) => {
    let said = '';
    const socket = brokerSocket(at, speaker.account, () => socket.write(hello + frames.join('')));
    const timer = setTimeout(() => {
      socket.destroy(
        new Error(`${speaker.uri} did not say ${String(until)}, but ${JSON.stringify(said)}`),
      );
    }, LIMIT_MS);
    socket.on('error', reject);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(said);
    });
    socket.on('data', (data) => {
      said += data.toString();
      if (until.test(said)) socket.destroy();
    });
  });
}

/** True when a STOMP server lets this account in: more than an open port. */
export async function brokerAnswers(speaker: StompSpeaker): Promise<boolean> {
  const said = await converseStomp(speaker, [], /^(CONNECTED|ERROR)/).catch(() => '');
  return said.startsWith('CONNECTED');
}
