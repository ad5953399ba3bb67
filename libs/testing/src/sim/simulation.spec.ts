import { describe, expect, it } from '@jest/globals';
import { Life, ProcessDiedError } from './life.js';
import { Random } from './random.js';
import { shrink } from './shrink.js';
import { SimProcess } from './sim-process.js';
import { Simulation } from './simulation.js';

async function playOut(sim: Simulation): Promise<void> {
  while (await sim.step());
}

describe('numbers from a seed', () => {
  it('are the same for the same seed, and others for another', () => {
    const draw = (seed: string): number[] => {
      const random = new Random(seed);
      return [random.next(), random.between(1, 1_000), random.next()];
    };
    expect(draw('a')).toEqual(draw('a'));
    expect(draw('a')).not.toEqual(draw('b'));
  });

  it('of a fork do not depend on what was drawn elsewhere', () => {
    const one = new Random('seed');
    const other = new Random('seed');
    other.next();
    expect(one.fork('x').next()).toBe(other.fork('x').next());
  });
});

describe('a simulation', () => {
  it('lets things happen in the order of their time, and time pass only so', async () => {
    const sim = new Simulation('order');
    const seen: string[] = [];
    sim.after(20, () => seen.push(`late at ${sim.elapsedMs}`));
    sim.after(10, () => {
      seen.push(`early at ${sim.elapsedMs}`);
      sim.after(5, () => seen.push(`between at ${sim.elapsedMs}`));
    });
    await playOut(sim);
    expect(seen).toEqual(['early at 10', 'between at 15', 'late at 20']);
  });

  it('orders ties by its seed: all orders come, and each again by its seed', async () => {
    const orderOf = async (seed: string): Promise<string> => {
      const sim = new Simulation(seed);
      let seen = '';
      for (const name of ['a', 'b', 'c']) sim.after(1, () => (seen += name));
      await playOut(sim);
      return seen;
    };
    const seeds = Array.from({ length: 60 }, (_, i) => String(i));
    const orders = await Promise.all(seeds.map(orderOf));
    expect(new Set(orders).size).toBe(6);
    expect(await Promise.all(seeds.map(orderOf))).toEqual(orders);
  });

  it('lets every promise go on before the next thing happens', async () => {
    const sim = new Simulation('promises');
    const seen: string[] = [];
    const slow = async (): Promise<void> => {
      for (let i = 0; i < 50; i++) await Promise.resolve();
      seen.push('first is through');
    };
    sim.after(1, () => void slow());
    sim.after(2, () => seen.push('second'));
    await playOut(sim);
    expect(seen).toEqual(['first is through', 'second']);
  });

  it('ends with the error of whoever fails as nobody may', async () => {
    const sim = new Simulation('fails');
    sim.after(1, () => sim.fail(new Error('impossible')));
    await expect(playOut(sim)).rejects.toThrow('impossible');
  });
});

describe('a process', () => {
  const started = (boot: (life: Life) => void): { sim: Simulation; process: SimProcess } => {
    const sim = new Simulation('process');
    const process = new SimProcess({ sim, name: 'worker', boot });
    process.start();
    return { sim, process };
  };

  it('that dies never hears of what it asked for, and the effect is made all the same', async () => {
    const seen: string[] = [];
    const { sim, process } = started((life) => {
      void life.call(() => seen.push('effect')).then(() => seen.push('answer'));
    });
    process.kill();
    await playOut(sim);
    expect(seen).toEqual(['effect']);
  });

  it('starts anew after a restart, with nothing of what it knew', async () => {
    const lives: Life[] = [];
    const { sim, process } = started((life) => void lives.push(life));
    process.restart(500);
    await playOut(sim);
    expect(lives.map(({ alive }) => alive)).toEqual([false, true]);
    expect(sim.elapsedMs).toBe(500);
  });

  it('that is stopped goes on where it was, later', async () => {
    const seen: number[] = [];
    const { sim, process } = started((life) => {
      void life.sleep(100).then(() => seen.push(sim.elapsedMs));
    });
    process.freeze(3_000);
    await playOut(sim);
    expect(seen).toEqual([3_000]);
  });

  it('that dies in a transaction ends it with an error, for the database to roll back', async () => {
    let ended: unknown;
    const { sim, process } = started((life) => {
      life.sleepInTransaction(10).catch((error: unknown) => (ended = error));
    });
    process.kill();
    await playOut(sim);
    expect(ended).toBeInstanceOf(ProcessDiedError);
  });
});

describe('a list that fails', () => {
  it('is made as short as it still fails', async () => {
    const list = Array.from({ length: 40 }, (_, i) => i);
    const fails = (shorter: readonly number[]): Promise<boolean> =>
      Promise.resolve(shorter.includes(7) && shorter.includes(31));
    expect(await shrink(list, fails)).toEqual([7, 31]);
  });
});
