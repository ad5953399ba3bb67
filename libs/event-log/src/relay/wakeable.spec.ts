import { describe, expect, it } from '@jest/globals';
import { Wakeable } from './wakeable.js';

const HOUR = 3_600_000;

describe('a pause that can be cut short', () => {
  it('ends when woken', async () => {
    const rest = new Wakeable();
    const sleeping = rest.sleep(HOUR);
    rest.wake();
    await expect(sleeping).resolves.toBeUndefined();
  });

  it('does not begin when the wake-up came before it, and begins the next time', async () => {
    const rest = new Wakeable();
    rest.wake();
    rest.wake();
    await rest.sleep(HOUR);
    let awake = false;
    const sleeping = rest.sleep(HOUR).then(() => (awake = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(awake).toBe(false);
    rest.wake();
    await sleeping;
  });

  it('ends by itself', async () => {
    await expect(new Wakeable().sleep(1)).resolves.toBeUndefined();
  });
});
