import { describe, expect, it } from '@jest/globals';
import { GroupScheduler } from './group-scheduler.js';

/** A scheduler whose items run until the test ends them. */
function manual(maxInFlight: number) {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const scheduler = new GroupScheduler<string>(maxInFlight, (item) => {
    started.push(item);
    return new Promise((resolve) => ends.set(item, resolve));
  });
  const end = async (item: string): Promise<void> => {
    ends.get(item)?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { scheduler, started, end };
}

describe('GroupScheduler', () => {
  it('runs one item of a key at a time, in order, and other keys beside it', async () => {
    const { scheduler, started, end } = manual(10);
    for (const item of ['a1', 'a2', 'b1', 'a3']) scheduler.submit(item.charAt(0), item);
    expect(started).toEqual(['a1', 'b1']);
    await end('a1');
    expect(started).toEqual(['a1', 'b1', 'a2']);
    await end('a2');
    expect(started).toEqual(['a1', 'b1', 'a2', 'a3']);
  });

  it('never runs more than the limit, and lets the next in as one ends', async () => {
    const { scheduler, started, end } = manual(2);
    for (const item of ['a', 'b', 'c']) scheduler.submit(item, item);
    expect(started).toEqual(['a', 'b']);
    expect(scheduler.backlog).toBe(1);
    await end('b');
    expect(started).toEqual(['a', 'b', 'c']);
    expect([scheduler.inFlight, scheduler.backlog]).toEqual([2, 0]);
  });

  it('forgets what has not started, and still keeps a running key to itself', async () => {
    const { scheduler, started, end } = manual(1);
    for (const item of ['a1', 'a2', 'b1']) scheduler.submit(item.charAt(0), item);
    scheduler.clear();
    scheduler.submit('a', 'a1 again');
    expect(started).toEqual(['a1']);
    await end('a1');
    expect(started).toEqual(['a1', 'a1 again']);
  });

  it('tells when nothing runs', async () => {
    const { scheduler, end } = manual(2);
    await scheduler.idle();
    scheduler.submit('a', 'a1');
    let idle = false;
    void scheduler.idle().then(() => (idle = true));
    await Promise.resolve();
    expect(idle).toBe(false);
    await end('a1');
    expect(idle).toBe(true);
  });
});
