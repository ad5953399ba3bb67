import type { StompMessage } from '../consumer/stomp-message.js';
import { senderOf } from '../headers/sender.js';
import type { OutgoingMessage } from '../publisher/outgoing-message.js';
import { messageOf } from '../stomp-error.js';
import type { StompLogger } from '../stomp-logger.js';
import { pause } from '../timing.js';
import { throwIfLeaving, type DeliverySignals } from './delivery-signals.js';
import { parkedCopy, type ParkReason } from './parking.js';

interface ParkingLotOptions {
  readonly publish: (message: OutgoingMessage) => Promise<void>;
  readonly queue: string;
  readonly by: string;
  readonly replayer: string | undefined;
  readonly logger: StompLogger;
}

const RETRY_MS = 1_000;

/** Puts messages aside that cannot be handled. */
export class ParkingLot {
  private held = 0;

  constructor(private readonly options: ParkingLotOptions) {}

  /** How many messages are held because their parked copy could not be stored. */
  get stuck(): number {
    return this.held;
  }

  /**
   * Resolves when the parked copy is confirmed, so that the original may be acknowledged. Until then it tries again: the message is
   * neither lost nor handled a second time.
   */
  async park(message: StompMessage, why: ParkReason, signals: DeliverySignals): Promise<void> {
    const { queue, by, logger } = this.options;
    const sender = senderOf(message.headers, this.options.replayer);
    const where = { queue, by, at: new Date(), ...(sender === undefined ? {} : { sender }) };
    const copy = parkedCopy(message, why, where);
    const fields = { messageId: message.messageId, from: message.destination, queue, ...why };
    if (!(await this.store(copy, fields))) await this.insist(copy, fields, signals);
    logger.error('message parked', fields);
  }

  private async insist(
    copy: OutgoingMessage,
    fields: Readonly<Record<string, unknown>>,
    signals: DeliverySignals,
  ): Promise<void> {
    this.held += 1;
    try {
      do {
        await pause(RETRY_MS, signals.lost, signals.closing);
        throwIfLeaving(signals);
      } while (!(await this.store(copy, fields)));
    } finally {
      this.held -= 1;
    }
  }

  private async store(
    copy: OutgoingMessage,
    fields: Readonly<Record<string, unknown>>,
  ): Promise<boolean> {
    try {
      await this.options.publish(copy);
      return true;
    } catch (error) {
      this.options.logger.error('message cannot be parked, holding it', {
        ...fields,
        because: messageOf(error),
      });
      return false;
    }
  }
}
