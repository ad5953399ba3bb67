import { parseBrokerUris } from '../connection/broker-uri.js';
import type { ConnectionOptions } from '../connection/connection-options.js';
import { dial } from '../connection/dial.js';
import { StompLink, type ReceivedFrame } from '../connection/stomp-link.js';
import { toStompMessage } from '../consumer/stomp-message.js';
import { readParked, withoutParkedHeaders, type ParkedMessage } from '../delivery/parking.js';
import { assertDestination } from '../headers/validate-destination.js';
import { GROUP_HEADER, toSendHeaders } from '../publisher/outgoing-message.js';
import { StompError } from '../stomp-error.js';
import { settledWithin } from '../timing.js';

/** ActiveMQ shows a browser no more than this (`maxBrowsePageSize`). */
const MAX_BROWSED = 400;
const FIND_LIMIT_MS = 5_000;
const BROWSE_LIMIT_MS = 10_000;
const MESSAGE_ID = /^ID:[A-Za-z0-9._:-]{1,200}$/;

/** The parked messages of one service: look at them, send one back, or drop it. Each call makes its own short connection. */
export class ParkedQueue {
  constructor(
    private readonly options: ConnectionOptions,
    private readonly queue: string,
  ) {
    assertDestination(queue);
  }

  /** The oldest parked messages, up to `limit` (and never more than 400); nothing is taken out. */
  list(limit = 100): Promise<readonly ParkedMessage[]> {
    return this.connected(async (link) => {
      const found: ParkedMessage[] = [];
      const end = deferred();
      const headers = { id: '1', destination: this.queue, ack: 'auto', browser: 'true' };
      await link.subscribe(
        { ...headers, 'activemq.prefetchSize': String(MAX_BROWSED) },
        (frame) => {
          if (frame.headers['browser'] === 'end') end.resolve(undefined);
          else if (found.length < limit) found.push(readParked(toStompMessage(frame, link)));
        },
      );
      await inTime(
        end.promise,
        BROWSE_LIMIT_MS,
        link,
        `${this.queue} could not be read to its end`,
      );
      return found;
    });
  }

  /** Sends a parked message to `destination` (usually its `from`) and takes it out of the queue, both or neither. */
  replay(messageId: string, destination: string): Promise<void> {
    return this.connected(async (link) => {
      const frame = await this.take(link, messageId);
      const headers = withoutParkedHeaders(frame.headers);
      const groupId = headers[GROUP_HEADER];
      const send = toSendHeaders({
        destination,
        headers,
        body: frame.body,
        ...(groupId === undefined ? {} : { groupId }),
      });
      const transaction = 'replay';
      link.send('BEGIN', { transaction });
      // Each step waits for the one before: after a refused SEND the broker still carries out an ACK and a COMMIT that are on their way,
      // and the message would be gone without having been sent.
      await link.confirmed('SEND', { ...send, transaction }, frame.body);
      await link.confirmed('ACK', { id: ackId(frame), transaction });
      await link.confirmed('COMMIT', { transaction });
    });
  }

  /** Takes a parked message out of the queue for good. */
  drop(messageId: string): Promise<void> {
    return this.connected(async (link) => {
      const frame = await this.take(link, messageId);
      await link.confirmed('ACK', { id: ackId(frame) });
    });
  }

  private async take(link: StompLink, messageId: string): Promise<ReceivedFrame> {
    if (!MESSAGE_ID.test(messageId)) throw notFound(this.queue, messageId);
    const found = deferred<ReceivedFrame>();
    const headers = {
      id: '1',
      destination: this.queue,
      ack: 'client-individual',
      'activemq.prefetchSize': '1',
    };
    await link.subscribe({ ...headers, selector: `JMSMessageID = '${messageId}'` }, found.resolve);
    if (!(await settledWithin(found.promise, FIND_LIMIT_MS))) throw notFound(this.queue, messageId);
    return found.promise;
  }

  private async connected<T>(work: (link: StompLink) => Promise<T>): Promise<T> {
    const link = await this.connect();
    try {
      return await work(link);
    } finally {
      await link.disconnect();
    }
  }

  private async connect(): Promise<StompLink> {
    let failure: unknown;
    for (const address of parseBrokerUris(this.options.uris)) {
      try {
        return new StompLink(
          await dial(address, this.options, new AbortController().signal),
          1,
          address.uri,
        );
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }
}

function deferred<T = undefined>(): {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
} {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}

async function inTime(
  promise: Promise<unknown>,
  ms: number,
  link: StompLink,
  problem: string,
): Promise<void> {
  if (await settledWithin(Promise.race([promise, link.ended]), ms)) {
    link.signal.throwIfAborted();
    return;
  }
  throw new StompError('unavailable', `${problem} within ${ms} ms.`, {
    code: 'stomp.browse-timeout',
  });
}

function ackId({ headers }: ReceivedFrame): string {
  return headers['ack'] ?? '';
}

function notFound(queue: string, messageId: string): StompError {
  return new StompError(
    'not-found',
    `No message ${messageId.slice(0, 200)} in ${queue}: it was replayed or dropped already, or somebody holds it just now.`,
    { code: 'stomp.parked-not-found' },
  );
}
