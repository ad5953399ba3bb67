import { describe, expect, it } from '@jest/globals';
import { lookDelayMs } from './look-delay.js';
import { RepositoryLoop } from './repository-loop.js';

const LONG = 3_600_000;

/** A loop whose looks end when the test says so. */
function aLoop(outcome: () => Promise<boolean>) {
  let looks = 0;
  const heard: (() => void)[] = [];
  const watcher = {
    look: () => {
      looks += 1;
      heard.splice(0).forEach((tell) => tell());
      return outcome();
    },
    forget: () => undefined,
    status: { repository: 'releases', packages: 0, builds: 0, refused: [], lookAlikes: [] },
  };
  const loop = new RepositoryLoop({
    repository: 'releases',
    pollMs: LONG,
    reannounceMs: LONG,
    watcher,
    log: { error: () => undefined },
  });
  const nextLook = () => new Promise<void>((resolve) => heard.push(resolve));
  return { loop, nextLook, looks: () => looks };
}

describe('the loop of a repository', () => {
  it('H-023 looks at once when asked to, once for many asks, and also when asked during a look', async () => {
    let end: () => void = () => undefined;
    const { loop, nextLook, looks } = aLoop(
      () => new Promise((resolve) => (end = () => resolve(true))),
    );
    loop.start();
    const second = nextLook();
    for (let ask = 0; ask < 50; ask += 1) loop.lookNow();
    end();
    await second;
    expect(looks()).toBe(2);
    const stopped = loop.stop();
    end();
    await stopped;
    expect(looks()).toBe(2);
  });

  it('goes on after a look that failed', async () => {
    const { loop, nextLook } = aLoop(() => Promise.reject(new Error('broker gone')));
    loop.start();
    const second = nextLook();
    loop.lookNow();
    await second;
    await loop.stop();
  });

  it('F-092 waits longer the more looks have failed, up to a limit', () => {
    expect([0, 1, 2, 3, 4, 50].map((failures) => lookDelayMs(10_000, failures))).toEqual([
      10_000, 20_000, 40_000, 80_000, 80_000, 80_000,
    ]);
    expect(lookDelayMs(200_000, 3)).toBe(300_000);
    expect(lookDelayMs(900_000, 3)).toBe(900_000);
  });
});
