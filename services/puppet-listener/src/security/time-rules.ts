import type { Ledger } from '../journal/ledger.js';
import type { TrustedKey } from './key-ring.js';
import type { ParsedCommand } from './parse-command.js';
import { refusal, type Refusal } from './refusal.js';

const MAX_WINDOW_MS = 120_000;
const SKEW_MS = 30_000;

/**
 * A key signs from its beginning to its end, by the time of issue: what was signed in time and is still on its way when the key
 * retires is as good as it was. A thief of a retired key who dates back gains no more than a command's window.
 */
export function keyProblem(command: ParsedCommand, key: TrustedKey): Refusal | undefined {
  const issued = Date.parse(command.data.iat);
  const { notBefore, notAfter } = key;
  if (notBefore !== undefined && issued < notBefore.getTime()) {
    const detail = `its key is good from ${notBefore.toISOString()} on: sign with the one before it`;
    return refusal('key-not-yet', 'refused', detail, command);
  }
  if (notAfter !== undefined && issued > notAfter.getTime()) {
    const detail = `its key retired at ${notAfter.toISOString()}: give the dispatcher the next one`;
    return refusal('key-retired', 'refused', detail, command);
  }
  return undefined;
}

/** Whether the command is in its window; a host whose clock is behind can prove it, and says by how much at least. */
export function timeProblem(
  command: ParsedCommand,
  { now, ledger }: { readonly now: Date; readonly ledger: Ledger },
): Refusal | undefined {
  const issued = Date.parse(command.data.iat);
  const expires = Date.parse(command.data.exp);
  if (expires <= issued || expires - issued > MAX_WINDOW_MS) {
    return refusal('bad-window', 'refused', `it may live ${MAX_WINDOW_MS} ms at most`, command);
  }
  if (issued > now.getTime() + SKEW_MS) {
    return refusal(
      'clock-off',
      'refused',
      `clock off by ${seconds(issued - now.getTime())} s: it was issued at ${command.data.iat}, and here it is ${now.toISOString()}`,
      command,
    );
  }
  if (now.getTime() > expires + SKEW_MS) {
    const here = `it expired at ${command.data.exp}, and here it is ${now.toISOString()}`;
    return refusal('expired', 'expired', here, command);
  }
  if (ledger.notBefore !== null && issued <= Date.parse(ledger.notBefore) + SKEW_MS) {
    return refusal(
      'before-resync',
      'refused',
      'it was issued before the journal was begun anew',
      command,
    );
  }
  return undefined;
}

const seconds = (ms: number): number => Math.round(ms / 1_000);
