import { GantryError } from '../errors/gantry-error.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a process is to die: at the nth time it comes by. */
export interface ArmedCrash {
  readonly name: string;
  readonly nth: number;
}

const FORM = /^([a-z][a-z0-9./-]*)(?::([1-9]\d{0,5}))?$/;

/** Reads `GANTRY_CRASH_AT=NAME[:NTH]`; outside a test, a process that is told to die does not start at all. */
export function armedCrashOf(env: Environment): ArmedCrash | undefined {
  const wanted = env['GANTRY_CRASH_AT'] ?? '';
  if (wanted === '') return undefined;
  if (env['GANTRY_TEST'] !== '1') throw notHere('it is for tests, which also set GANTRY_TEST=1');
  const [, name, nth = '1'] = FORM.exec(wanted) ?? [];
  if (name === undefined) throw notHere('it must be the name of a crash point, or NAME:NTH');
  return { name, nth: Number(nth) };
}

let armed: ArmedCrash | undefined;
let passed = 0;

/** From here on the process dies where the environment says, if it says so. */
export function armCrashPoint(env: Environment = process.env): void {
  armed = armedCrashOf(env);
  passed = 0;
}

/** A place where a test may let the process die as by kill -9: nothing of what would follow happens. `about` tells which of many. */
export function crashPoint(place: string, about: string): void {
  if (armed === undefined || armed.name !== `${place}/${about}`) return;
  passed += 1;
  if (passed === armed.nth) process.kill(process.pid, 'SIGKILL');
}

function notHere(why: string): GantryError {
  return new GantryError(
    'config',
    'config.crash-point',
    `GANTRY_CRASH_AT is set: ${why}. Remove it and start again.`,
  );
}
