import { describe, expect, it } from '@jest/globals';
import { Log } from '../logging/log.js';
import { Repeated } from './repeated.js';

class Counting extends Repeated {
  times = 0;
  atOnce = 0;
  mostAtOnce = 0;

  constructor(
    readonly lines: string[],
    private readonly work: (times: number) => Promise<void>,
  ) {
    const log = new Log({ service: 'test', write: (line) => lines.push(line) });
    super(log, { everyMs: 1, failure: 'not counted' });
  }

  protected async once(): Promise<void> {
    this.times++;
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
    try {
      await this.work(this.times);
    } finally {
      this.atOnce--;
    }
  }
}

function promised(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((r) => (resolve = r));
  return { promise, resolve };
}

describe('Repeated', () => {
  it('goes on after a failure, and tells it', async () => {
    const third = promised();
    const counting = new Counting([], (times) => {
      if (times === 3) third.resolve();
      return times === 1 ? Promise.reject(new Error('no answer')) : Promise.resolve();
    });
    await counting.onApplicationBootstrap();
    await third.promise;
    await counting.onApplicationShutdown();
    expect(counting.lines.join()).toContain('not counted, trying again');
    expect(counting.mostAtOnce).toBe(1);
  });

  it('waits at the end for the one that goes on, and starts no other', async () => {
    const [begun, mayEnd] = [promised(), promised()];
    const counting = new Counting([], () => {
      begun.resolve();
      return mayEnd.promise;
    });
    await counting.onApplicationBootstrap();
    await begun.promise;
    const end = counting.onApplicationShutdown().then(() => counting.atOnce);
    mayEnd.resolve();
    await expect(end).resolves.toBe(0);
    expect(counting.times).toBe(1);
  });
});
