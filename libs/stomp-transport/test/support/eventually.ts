import { pause } from '../../src/timing.js';

/** Waits until the assertion holds; fails with the assertion's own error when it never does. */
export async function eventually(assertion: () => unknown, limitMs = 8_000): Promise<void> {
  const until = Date.now() + limitMs;
  for (;;) {
    try {
      await assertion();
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await pause(10);
    }
  }
}

/** A door that handlers wait at until the test opens it. */
export class Gate {
  open: () => void = () => undefined;
  readonly opened = new Promise<void>((resolve) => (this.open = resolve));
}
