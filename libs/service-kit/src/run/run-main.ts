import { kindOf } from '../errors/gantry-error.js';
import { Log } from '../logging/log.js';

/** What systemd and sysexits.h call a configuration error: restarting does not help. */
const EXIT_CONFIG = 78;

/** Runs a service's start: a mistake in the configuration ends the process with 78, any other failure with 1, each with one line. */
export async function runMain(service: string, start: () => Promise<unknown>): Promise<void> {
  try {
    await start();
  } catch (error) {
    new Log({ service }).error('not started', { error });
    process.exit(kindOf(error) === 'config' ? EXIT_CONFIG : 1);
  }
}
