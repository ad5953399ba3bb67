import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { KeyedMutex } from './keyed-mutex.js';

describe('the keyed mutex', () => {
  it('runs one at a time per key, in the order of asking, and different keys side by side', async () => {
    const mutex = new KeyedMutex();
    const seen: string[] = [];
    const work = (name: string) => async () => {
      seen.push(`${name} begins`);
      await turn();
      seen.push(`${name} ends`);
    };
    await Promise.all([
      mutex.run(['web'], work('a')),
      mutex.run(['web'], work('b')),
      mutex.run(['api'], work('c')),
    ]);
    expect(seen.indexOf('b begins')).toBeGreaterThan(seen.indexOf('a ends'));
    expect(seen.indexOf('c begins')).toBeLessThan(seen.indexOf('a ends'));
  });

  it('does not lock up when two want the same keys in different order, or one key twice', async () => {
    const mutex = new KeyedMutex();
    const done = await Promise.all([
      mutex.run(['web', 'api'], () => Promise.resolve(1)),
      mutex.run(['api', 'web', 'api'], () => Promise.resolve(2)),
    ]);
    expect(done).toEqual([1, 2]);
  });

  it('lets the next one in after a failure', async () => {
    const mutex = new KeyedMutex();
    await expect(mutex.run(['web'], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await mutex.run(['web'], () => Promise.resolve('in'))).toBe('in');
  });
});
