import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import stompit from 'stompit';
import { patchParser } from './stompit-parser.patch.js';

/** A frame: its body must be read before stompit parses the next one. */
export interface StompitFrame extends Readable {
  readonly headers: Readonly<Record<string, string | number>>;
}

/** What is used of stompit's client; the published types are of an older release. */
export interface StompitClient extends EventEmitter {
  sendFrame(command: string, headers: Record<string, string>): Writable;
  setImplicitSubscription(
    id: string,
    ack: string,
    listener: (error: Error | null, frame: StompitFrame | undefined) => void,
  ): unknown;
  setCommandHandler(command: string, handler: (frame: StompitFrame) => void): void;
  destroy(error?: Error): void;
}

interface ConnectOptions {
  readonly connect: (options: unknown, onConnected: () => void) => Socket;
  readonly timeout: number;
  readonly maxLineLength: number;
  readonly maxHeaders: number;
  readonly heartbeatDelayMargin: number;
  readonly heartbeatOutputMargin: number;
  readonly connectHeaders: Record<string, string>;
}

interface Library {
  readonly IncomingFrameStream: { readonly prototype: Parameters<typeof patchParser>[0] };
  connect(
    options: ConnectOptions,
    callback: (error: Error | null, client: StompitClient) => void,
  ): StompitClient;
}

const library = stompit as unknown as Library;
patchParser(library.IncomingFrameStream.prototype);

/** stompit's `connect`, mended. The client it returns is still connecting: destroy it to give up. */
export const stompitConnect: Library['connect'] = (options, callback) =>
  library.connect(options, callback);
