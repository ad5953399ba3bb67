import { ConfigError } from './owned-folder.js';

type Environment = Readonly<Record<string, string | undefined>>;

let armed: string | undefined;

/** Reads where a test wants this process to die; outside a test, a listener that is told to die does not start at all. */
export function armCrashPoint(env: Environment): void {
  const wanted = env['GANTRY_CRASH_AT'] ?? '';
  if (wanted !== '' && env['GANTRY_TEST'] !== '1')
    throw new ConfigError(
      'GANTRY_CRASH_AT is set: it is for tests, which also set GANTRY_TEST=1. Remove it and start again.',
    );
  armed = wanted === '' ? undefined : wanted;
}

/** A place where a test may let the process die as by kill -9: nothing of what would follow happens. */
export function crashPoint(place: string, about: string): void {
  if (armed !== undefined && armed === `${place}/${about}`) process.kill(process.pid, 'SIGKILL');
}
