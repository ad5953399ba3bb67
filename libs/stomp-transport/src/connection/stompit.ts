import type { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';
import stompit from 'stompit';
import type { FrameWriter, OutgoingFrame } from './frame-writer.js';
import { patchParser } from './stompit-parser.patch.js';

/** A frame as stompit hands it over: headers and a body that must be read before the next frame is parsed. */
export interface StompitFrame extends Readable {
  readonly headers: Record<string, string | number>;
}

/** The part of stompit's client this package uses; the published types describe an older release. */
export interface StompitClient extends EventEmitter {
  /** Those of the CONNECTED frame. */
  readonly headers?: Readonly<Record<string, string>>;
  sendFrame(command: string, headers: Record<string, string>): OutgoingFrame;
  setImplicitSubscription(
    id: string,
    ack: string,
    listener: (error: Error | null, frame: StompitFrame | undefined) => void,
  ): unknown;
  setCommandHandler(command: string, handler: (frame: StompitFrame) => void): void;
  destroy(error?: Error): void;
}

/** The options of one connection attempt. */
export interface StompitConnectOptions {
  /** Opens the socket, and leaves whoever is to write to it in the options, where stompit looks for it afterwards. */
  readonly connect: (
    options: { outgoingFrameStream?: FrameWriter },
    onConnected: () => void,
  ) => unknown;
  readonly timeout: number;
  readonly maxLineLength: number;
  readonly maxHeaders: number;
  readonly heartbeatDelayMargin: number;
  readonly heartbeatOutputMargin: number;
  readonly connectHeaders: Record<string, string>;
}

interface Stompit {
  readonly IncomingFrameStream: { readonly prototype: Parameters<typeof patchParser>[0] };
  connect(
    options: StompitConnectOptions,
    callback: (error: Error | null, client: StompitClient) => void,
  ): StompitClient;
}

const library = stompit as unknown as Stompit;
patchParser(library.IncomingFrameStream.prototype);

/** `stompit.connect`, with the parser repaired. The returned client is the one being connected: destroy it to give up. */
export function stompitConnect(
  options: StompitConnectOptions,
  callback: (error: Error | null, client: StompitClient) => void,
): StompitClient {
  return library.connect(options, callback);
}
