import { describe, expect, it } from '@jest/globals';
import { InFlight } from './in-flight.js';

describe('requests in flight', () => {
  it('are carried out once when they come twice at the same time', async () => {
    const inFlight = new InFlight<number>();
    const published: number[] = [];
    let runs = 0;
    const once = () =>
      inFlight.run(
        'r1',
        () => Promise.resolve((runs += 1)),
        (outcome) => Promise.resolve(void published.push(outcome)),
      );
    await Promise.all([once(), once()]);
    expect({ runs, published }).toEqual({ runs: 1, published: [1, 1] });
  });

  it('are published again, not carried out again, when publishing failed', async () => {
    const inFlight = new InFlight<string>();
    let runs = 0;
    const work = () => Promise.resolve(`outcome ${(runs += 1)}`);
    const lost = inFlight.run('r1', work, () => Promise.reject(new Error('broker gone')));
    await expect(lost).rejects.toThrow('broker gone');
    const published: string[] = [];
    const publish = (outcome: string) => Promise.resolve(void published.push(outcome));
    await inFlight.run('r1', work, publish);
    expect(published).toEqual(['outcome 1']);
    await inFlight.run('r1', work, publish);
    expect(published).toEqual(['outcome 1', 'outcome 2']);
  });

  it('are tried again when they failed', async () => {
    const inFlight = new InFlight<string>();
    const publish = () => Promise.resolve();
    const failing = inFlight.run('r1', () => Promise.reject(new Error('bug')), publish);
    await expect(failing).rejects.toThrow('bug');
    await expect(
      inFlight.run('r1', () => Promise.resolve('fine'), publish),
    ).resolves.toBeUndefined();
  });
});
