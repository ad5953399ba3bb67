/** Why a run is ended from outside: somebody cancelled it, or this process stops. */
export class StopReason extends Error {
  constructor(
    readonly why: 'cancelled' | 'stopping',
    message: string,
  ) {
    super(message);
    this.name = 'StopReason';
  }
}

/** Whether the run ends because this process does. */
export const isStopping = (signal: AbortSignal): boolean =>
  signal.reason instanceof StopReason && signal.reason.why === 'stopping';
