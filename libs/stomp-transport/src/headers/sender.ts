import type { StompHeaders } from './validate-headers.js';

/** The broker's word for who sent a message (`populateJMSXUserID`): what a client writes there is replaced. */
const STAMP = 'JMSXUserID';
/** Who sent a parked message first: whoever gives it back stands between. */
export const SENT_BY = 'x-sent-by';

/**
 * The account that sent a message. Of what `replayer` gave back to its queue, the account that it was parked with. Undefined when the
 * broker does not stamp.
 */
export function senderOf(headers: StompHeaders, replayer?: string): string | undefined {
  const stamped = headers[STAMP];
  return stamped !== undefined && stamped === replayer ? (headers[SENT_BY] ?? stamped) : stamped;
}
