import { describe, expect, it } from '@jest/globals';
import { Turns } from './turns.js';

const never = new AbortController().signal;

describe('turns', () => {
  it('let so many in at once, the others in order', async () => {
    const turns = new Turns(2);
    const order: string[] = [];
    const enter = (name: string) =>
      turns.take(never).then((end) => {
        order.push(name);
        return end;
      });
    const first = await enter('a');
    const second = await enter('b');
    const [third, fourth] = [enter('c'), enter('d')];
    await Promise.resolve();
    expect(order).toEqual(['a', 'b']);
    first();
    first();
    await third;
    expect(order).toEqual(['a', 'b', 'c']);
    second();
    await fourth;
    expect(order).toEqual(['a', 'b', 'c', 'd']);
  });

  it('are given up by who waits no longer, without losing one', async () => {
    const turns = new Turns(1);
    const end = await turns.take(never);
    const leaving = new AbortController();
    const left = turns.take(leaving.signal);
    const stays = turns.take(never);
    leaving.abort(new Error('cancelled'));
    await expect(left).rejects.toThrow('cancelled');
    end();
    await expect(stays).resolves.toEqual(expect.any(Function));
    await expect(turns.take(leaving.signal)).rejects.toThrow('cancelled');
  });
});
