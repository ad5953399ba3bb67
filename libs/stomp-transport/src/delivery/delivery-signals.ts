/** Why work on a message may have to be left. */
export interface DeliverySignals {
  /** The connection it came on is gone: it will be delivered again, here or elsewhere. */
  readonly lost: AbortSignal;
  /** This process is shutting down: finish what runs, begin nothing. */
  readonly closing: AbortSignal;
}

/** Throws, and so leaves the message in the queue, when it is lost or we are shutting down. */
export function throwIfLeaving({ lost, closing }: DeliverySignals): void {
  lost.throwIfAborted();
  closing.throwIfAborted();
}
