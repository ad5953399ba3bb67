import type { LbFailureKind } from '@gantry/contracts';
import type { DeviceError } from './host-places.js';

/** Why a procedure gave up. */
export interface Failure {
  readonly kind: LbFailureKind;
  readonly reason: string;
}

const KIND_OF_CODE: Readonly<Record<string, LbFailureKind>> = {
  'lb.not-found': 'not-found',
  'lb.rejected': 'not-effective',
  'lb.superseded': 'stale-epoch',
};

/** What a driver's error means for the request. */
export function failureOf(error: DeviceError): Failure {
  return { kind: KIND_OF_CODE[error.code] ?? 'unreachable', reason: error.message };
}

/** A newer claim on the host was seen. */
export const superseded = (host: string): Failure => ({
  kind: 'stale-epoch',
  reason: `a newer claim on ${host} was seen; this request no longer decides about it`,
});
