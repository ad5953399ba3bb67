import { waitUntil } from '@gantry/lab';

/** A program that a test can let die at a named point and start again. */
export interface Mortal {
  readonly alive: boolean;
  up(more?: Readonly<Record<string, string>>): Promise<void>;
  ended(): Promise<void>;
}

/** Cell after cell may kill the same piece of work: that its stream would be held for it is tried elsewhere (F-011). */
export const UNBLAMED = { GANTRY_QUARANTINE_DEATHS: '1000' };

const LONGEST_MS = 60_000;

/** Starts the program so that it will die at the point. It may already die there while it starts. */
export async function armed(program: Mortal, point: string): Promise<void> {
  try {
    await program.up({ ...UNBLAMED, GANTRY_TEST: '1', GANTRY_CRASH_AT: point });
  } catch (error) {
    if (program.alive) throw error;
  }
}

/** Waits until the program has died; `meanwhile` is begun again and again, for whatever brings it to its point. */
export async function died(
  program: Mortal,
  point: string,
  meanwhile: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  let under = false;
  const goOn = async (): Promise<void> => {
    under = true;
    await meanwhile().finally(() => (under = false));
  };
  await waitUntil(
    () => {
      // What is asked of a dead program may wait long for its answer: nobody waits for that here.
      if (program.alive && !under) void goOn();
      return !program.alive;
    },
    { deadlineMs: LONGEST_MS, onTimeout: () => new Error(`it never came to ${point}`) },
  );
}
