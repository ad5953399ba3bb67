import { setTimeout as delay } from 'node:timers/promises';
import type { Installation, Program } from './installation/installation.js';
import { bad, good, say } from './terminal.js';

const LOOK_MS = 500;

/** What systemd does for a real installation: whatever of Gantry dies while the demo stays up is started again. */
export async function keepRunning(installation: Installation, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    for (const program of installation.programs) if (!program.alive) await startAgain(program);
    await delay(LOOK_MS);
  }
}

async function startAgain(program: Program): Promise<void> {
  say(`${bad('died')}   ${program.name}: it is started again, and goes on from the log`);
  try {
    await program.up();
    say(`${good('ready')}  ${program.name}`);
  } catch (error) {
    say(bad(`${program.name} did not start: ${String(error)}`));
  }
}
