import { GantryError } from '@gantry/service-kit';

/** The device does not know a pool or member. Not yet proof that it does not exist. */
export const notFound = (device: string, what: string, said: string): GantryError =>
  new GantryError(
    'not-found',
    'lb.not-found',
    `${device} does not know ${what} (it said: ${said}). Compare the fleet file with the device's configuration.`,
  );

/** The device refused a command. */
export const rejected = (device: string, command: string, said: string): GantryError =>
  new GantryError(
    'rejected',
    'lb.rejected',
    `${device} refused "${command}": ${said}. Check that its socket grants admin level.`,
  );

/** The device did not answer; after a write the outcome is unknown. */
export const unreachable = (device: string, why: string, cause?: unknown): GantryError =>
  new GantryError(
    'unavailable',
    'lb.unreachable',
    `${device} does not answer: ${why}. Check that it runs and that its socket may be opened by lb-controller.`,
    { cause },
  );

/** A newer claim on the host was seen before anything was written. */
export const supersededBy = (members: string): GantryError =>
  new GantryError(
    'conflict',
    'lb.superseded',
    `a newer claim on ${members} was seen; this request no longer decides about it`,
  );

/** The device answered something that cannot be read. */
export const unreadable = (device: string, why: string): GantryError =>
  new GantryError(
    'unavailable',
    'lb.unreadable',
    `${device} answered something unreadable: ${why}. Is it a HAProxy of version 2.0 or newer?`,
  );
