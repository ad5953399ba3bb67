import { describe, expect, it } from '@jest/globals';
import { RepeatGuard } from './repeat-guard.js';

/** Work that ends when told to. */
function gated(): {
  work: () => Promise<string>;
  end: (value: string) => void;
  begun: () => number;
} {
  let end: (value: string) => void = () => undefined;
  let count = 0;
  const work = (): Promise<string> => {
    count += 1;
    return new Promise((resolve) => {
      end = resolve;
    });
  };
  return { work, end: (value) => end(value), begun: () => count };
}

describe('RepeatGuard', () => {
  it('shares the work that is under way', async () => {
    const guard = new RepeatGuard();
    const { work, end, begun } = gated();
    const both = [guard.once('k', 'a', work), guard.once('k', 'a', work)];
    end('done');
    await expect(Promise.all(both)).resolves.toEqual(['done', 'done']);
    expect(begun()).toBe(1);
  });

  it('asks again once it is over: the log knows the answer, not the memory', async () => {
    const guard = new RepeatGuard();
    await expect(guard.once('k', 'a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(guard.once('k', 'a', () => Promise.resolve('yes'))).resolves.toBe('yes');
  });

  it('refuses the key for another request, under way or over', async () => {
    const guard = new RepeatGuard();
    const { work, end } = gated();
    const first = guard.once('k', 'a', work);
    const refusal = { parts: { status: 422, code: 'idempotency.key-reused' } };
    await expect(guard.once('k', 'b', work)).rejects.toMatchObject(refusal);
    end('done');
    await first;
    await expect(guard.once('k', 'b', work)).rejects.toMatchObject(refusal);
  });

  it('forgets the oldest keys, but none that is under way', async () => {
    const guard = new RepeatGuard();
    const { work, end, begun } = gated();
    const first = guard.once('first', 'a', work);
    await guard.once('second', 'a', () => Promise.resolve(''));
    for (let i = 0; i < 10_000; i += 1) await guard.once(`k${i}`, 'a', () => Promise.resolve(''));
    const again = guard.once('first', 'a', work);
    end('one');
    await expect(Promise.all([first, again])).resolves.toEqual(['one', 'one']);
    expect(begun()).toBe(1);
    await expect(guard.once('second', 'b', () => Promise.resolve('new'))).resolves.toBe('new');
  });
});
