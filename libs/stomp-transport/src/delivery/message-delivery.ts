import type { StompMessage } from '../consumer/stomp-message.js';
import { StompError, messageOf } from '../stomp-error.js';
import type { StompLogger } from '../stomp-logger.js';
import { pause } from '../timing.js';
import type { DecodedMessage, StompDecoder } from './codec.js';
import type { DeliveryDecision, DeliveryPolicy } from './delivery-policy.js';
import { throwIfLeaving, type DeliverySignals } from './delivery-signals.js';
import { describeFault } from './fault.js';
import type { ParkingLot } from './parking-lot.js';
import { encodeAnswer, encodeFailure } from './reply.js';
import type { Responder } from './responder.js';

/** How one message type is handled, if it is. */
export type HandlerKind = 'event' | 'request' | 'none';

/** What delivery needs from around it. */
export interface DeliveryOptions {
  readonly service: string;
  readonly decoder: StompDecoder;
  readonly patternOf: (decoded: DecodedMessage, message: StompMessage) => string;
  readonly handlerKind: (pattern: string) => HandlerKind;
  /** Runs the handler; settles when it is done, with its last value or the error it raised. */
  readonly handle: (call: HandlerCall) => Promise<unknown>;
  readonly classify: DeliveryPolicy;
  readonly unmatched: 'park' | 'ack';
  readonly parkingLot: ParkingLot;
  readonly responder: Responder;
  readonly logger: StompLogger;
}

/** One run of one handler. */
export interface HandlerCall {
  readonly pattern: string;
  readonly kind: 'event' | 'request';
  readonly decoded: DecodedMessage;
  readonly message: StompMessage;
  /** 1 for the first try of this delivery. */
  readonly attempt: number;
  /** Aborted when the message is lost to this process. */
  readonly signal: AbortSignal;
}

interface Work {
  readonly pattern: string;
  readonly decoded: DecodedMessage;
  readonly message: StompMessage;
  readonly signals: DeliverySignals;
}

/**
 * Brings one message to its end: handled, retried, answered, parked or dropped. Resolving means "acknowledge it"; rejecting means
 * "leave it in the queue".
 */
export class MessageDelivery {
  constructor(private readonly options: DeliveryOptions) {}

  async deliver(message: StompMessage, signals: DeliverySignals): Promise<void> {
    const { decoder, patternOf, handlerKind, logger } = this.options;
    let decoded: DecodedMessage;
    try {
      decoded = decoder.decode({ headers: message.headers, body: message.body });
    } catch (error) {
      const { kind, code } = describeFault(error);
      const told = kind === 'rejected' ? code : 'invalid';
      await this.refuse(message, told, messageOf(error), signals);
      return;
    }
    if (decoded.expiresAt !== undefined && decoded.expiresAt <= Date.now()) {
      logger.log('expired message dropped', {
        messageId: message.messageId,
        destination: message.destination,
      });
      return;
    }
    const pattern = patternOf(decoded, message);
    const work = { pattern, decoded, message, signals };
    switch (handlerKind(pattern)) {
      case 'event':
        return this.event(work);
      case 'request':
        return this.request(work);
      case 'none':
        return this.unmatched(work);
    }
  }

  /** The same for feeds that are acknowledged by delivery: handled once or not at all. Rejecting means "it is lost". */
  async deliverLive(message: StompMessage, signals: DeliverySignals): Promise<void> {
    const { decoder, patternOf, handlerKind, handle } = this.options;
    const decoded = decoder.decode({ headers: message.headers, body: message.body });
    const pattern = patternOf(decoded, message);
    if (handlerKind(pattern) === 'none') return;
    await handle(callOf({ pattern, decoded, message, signals }, 'event', 1));
  }

  private async event(work: Work): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.attempt(work, attempt);
      if (outcome === 'done') return;
      // Lost: it will be delivered again, and parking it now would make two of it.
      work.signals.lost.throwIfAborted();
      const decision = this.options.classify(outcome.error, attempt);
      if (decision.action !== 'retry') return this.giveUp(work, decision, outcome.error, attempt);
      await pause(decision.afterMs, work.signals.lost, work.signals.closing);
      throwIfLeaving(work.signals);
    }
  }

  private async attempt(
    work: Work,
    attempt: number,
  ): Promise<'done' | { readonly error: unknown }> {
    try {
      await this.options.handle(callOf(work, 'event', attempt));
      return 'done';
    } catch (error) {
      return { error };
    }
  }

  private async giveUp(
    { pattern, message, signals }: Work,
    decision: Exclude<DeliveryDecision, { action: 'retry' }>,
    error: unknown,
    attempts: number,
  ): Promise<void> {
    switch (decision.action) {
      case 'ack':
        return;
      case 'stop':
        throw new StompError('bug', `${pattern}: ${decision.reason}`, {
          code: 'stomp.handler-stopped',
          cause: error,
        });
      case 'park': {
        const code = decision.code ?? describeFault(error).code;
        await this.options.parkingLot.park(
          message,
          { code, reason: decision.reason, attempts },
          signals,
        );
      }
    }
  }

  /** Answers once, with the result or the error; whether to try again is the requester's to decide. */
  private async request(work: Work): Promise<void> {
    const { decoded, message, signals } = work;
    let address;
    try {
      address = this.options.responder.addressOf(decoded, message);
    } catch (error) {
      await this.refuse(message, 'invalid', messageOf(error), signals);
      return;
    }
    const body = await this.options
      .handle(callOf(work, 'request', 1))
      .then(encodeAnswer, encodeFailure);
    signals.lost.throwIfAborted();
    await this.options.responder.reply(address, body);
  }

  private async unmatched({ pattern, message, signals }: Work): Promise<void> {
    if (this.options.unmatched === 'ack') return;
    await this.refuse(
      message,
      'unmatched',
      `No handler for "${pattern}" in ${this.options.service}.`,
      signals,
    );
  }

  private refuse(
    message: StompMessage,
    code: string,
    reason: string,
    signals: DeliverySignals,
  ): Promise<void> {
    return this.options.parkingLot.park(message, { code, reason, attempts: 0 }, signals);
  }
}

function callOf(
  { pattern, decoded, message, signals }: Work,
  kind: 'event' | 'request',
  attempt: number,
): HandlerCall {
  return { pattern, kind, decoded, message, attempt, signal: signals.lost };
}
