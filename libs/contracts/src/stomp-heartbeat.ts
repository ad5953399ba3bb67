/** Heart-beats of one STOMP connection: the CONNECT header, and the margins that stompit wants, in milliseconds. */
export interface StompHeartbeat {
  readonly header: string;
  /** How much earlier than agreed we send ours. */
  readonly outputMarginMs: number;
  /** How much longer than agreed stompit waits for the broker's. */
  readonly delayMarginMs: number;
}

/**
 * We send a beat every `beatMs`, and want one twice as often. ActiveMQ looks once per interval and sends no beat when anything else
 * went out since it looked last: nearly two intervals may pass without a byte, and before its first beat always do (seen with 5.17).
 * stompit ends a connection when no byte came within one of its windows, so a window must be longer than that: two and a half
 * intervals. A dead connection is found within two windows, 25 s where `beatMs` is 10 s. Our own side is wide too: a busy event
 * loop must not look like a dead client.
 */
export function stompHeartbeat(beatMs: number): StompHeartbeat {
  const wantedMs = Math.round(beatMs / 2);
  return {
    header: `${beatMs},${wantedMs}`,
    outputMarginMs: Math.round(beatMs / 5),
    delayMarginMs: Math.round(wantedMs * 1.5),
  };
}
