import type { StompContext } from '@gantry/stomp-transport';
import { GantryError } from '../errors/gantry-error.js';

/** The exact bytes of the message being handled, as they were received: what a signature is checked over. */
export function rawBody(context: StompContext): Buffer {
  const { envelope } = context;
  if (isReceived(envelope)) return envelope.body;
  throw new GantryError(
    'bug',
    'kit.no-raw-body',
    'The context holds no received body: it does not come from runService.',
  );
}

function isReceived(value: unknown): value is { readonly body: Buffer } {
  return (
    typeof value === 'object' && value !== null && 'body' in value && Buffer.isBuffer(value.body)
  );
}
