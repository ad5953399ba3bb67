import { setTimeout as sleep } from 'node:timers/promises';
import type { Ended } from '../agent/puppet-host.js';
import { isAlive, type ProcessIdentity } from '../host/process-identity.js';
import { endRun } from './end-run.js';

/** A run to be followed to its end. */
export interface Followed {
  readonly process: ProcessIdentity;
  /** Known only to the parent: an adopted run has no exit code. */
  readonly exited: Promise<number | null> | undefined;
  readonly deadline: number;
  readonly onTick: () => void;
}

const TICK_MS = 200;

/** Waits for the end of a run, looking at its log now and then, and ends it when it is over its limit. */
export async function followRun({ process, exited, deadline, onTick }: Followed): Promise<Ended> {
  let killed = false;
  const over = exited?.then(() => undefined) ?? new Promise<never>(() => undefined);
  while (isAlive(process)) {
    await Promise.race([over, sleep(TICK_MS)]);
    onTick();
    if (Date.now() > deadline && isAlive(process)) {
      killed = true;
      await endRun(process);
      break;
    }
  }
  const exitCode = exited === undefined ? null : await Promise.race([exited, sleep(1_000, null)]);
  onTick();
  return { exitCode, killed };
}
