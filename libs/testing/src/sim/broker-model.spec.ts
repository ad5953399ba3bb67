import { describe, expect, it } from '@jest/globals';
import { BrokerAwayError, BrokerModel, CLEAR } from './broker-model.js';
import type { Delivery } from './broker-queue.js';
import { SimProcess } from './sim-process.js';
import { Simulation } from './simulation.js';

const TOPIC = '/topic/VirtualTopic.gantry.builds';
const QUEUE = '/queue/Consumer.orchestrator.VirtualTopic.gantry.builds';
const OTHER = '/queue/Consumer.audit.VirtualTopic.gantry.builds';

class Bench {
  readonly sim = new Simulation('broker');
  readonly mishaps: string[] = [];
  readonly broker = new BrokerModel(this.sim, (mishap) => this.mishaps.push(mishap));
  readonly got: string[] = [];
  readonly held: Delivery[] = [];

  /** Consumes a queue; what it gets is noted, and acknowledged if it may be. */
  consumer(name: string, queue = QUEUE, acks = true): SimProcess {
    const process = new SimProcess({
      sim: this.sim,
      name,
      boot: (life) =>
        this.broker.subscribe(queue, {
          life,
          prefetch: 10,
          deliver: (delivery) => {
            this.got.push(
              `${name} ${delivery.body.toString()}${delivery.redelivered ? ' again' : ''}`,
            );
            if (acks) delivery.ack();
            else this.held.push(delivery);
          },
        }),
    });
    process.start();
    return process;
  }

  send(body: string, more: { groupId?: string; expiresAt?: number } = {}): void {
    this.broker.publish({ destination: TOPIC, body, ...more });
  }

  async playOut(): Promise<void> {
    while (await this.sim.step());
  }
}

describe('the model of the broker', () => {
  it('gives each queue of a topic a copy, and each message of a queue to one consumer', async () => {
    const bench = new Bench();
    bench.consumer('one');
    bench.consumer('two');
    bench.consumer('audit', OTHER);
    for (const body of ['a', 'b', 'c', 'd']) bench.send(body);
    await bench.playOut();
    const bodies = (names: RegExp): string =>
      bench.got
        .filter((line) => names.test(line))
        .map((line) => line.slice(-1))
        .sort()
        .join('');
    expect(bodies(/^(one|two)/)).toBe('abcd');
    expect(bodies(/^audit/)).toBe('abcd');
  });

  it('keeps the order of a group, with one consumer', async () => {
    const bench = new Bench();
    bench.consumer('one');
    bench.consumer('two');
    for (let i = 0; i < 9; i++) bench.send(String(i), { groupId: 'g' });
    await bench.playOut();
    expect(bench.got.map((line) => line.slice(-1)).join('')).toBe('012345678');
    expect(new Set(bench.got.map((line) => line.slice(0, 3))).size).toBe(1);
  });

  it('delivers again what a dead consumer held, and takes no acknowledgement from the dead', async () => {
    const bench = new Bench();
    const one = bench.consumer('one', QUEUE, false);
    bench.send('a');
    await bench.playOut();
    one.kill();
    bench.consumer('two');
    await bench.playOut();
    expect(bench.got).toEqual(['one a', 'two a again']);
    expect(bench.held[0]?.isLost()).toBe(true);
    expect(bench.mishaps).toEqual(['redelivered']);
  });

  it('gives up a consumer that was silent for longer than a heart-beat', async () => {
    const bench = new Bench();
    const one = bench.consumer('one', QUEUE, false);
    bench.send('a');
    await bench.playOut();
    one.freeze(60_000);
    bench.consumer('two');
    await bench.playOut();
    expect(bench.got).toEqual(['one a', 'two a again']);
  });

  it('keeps messages while it is away, and takes none', async () => {
    const bench = new Bench();
    bench.broker.queue(QUEUE);
    bench.send('a');
    await bench.playOut();
    bench.broker.goAway(5_000);
    expect(() => bench.send('b')).toThrow(BrokerAwayError);
    bench.consumer('one');
    await bench.playOut();
    expect(bench.got).toEqual(['one a']);
    expect(bench.sim.elapsedMs).toBeGreaterThanOrEqual(5_000);
  });

  it('loses everything when its store is wiped, and drops what has expired', async () => {
    const bench = new Bench();
    bench.broker.queue(QUEUE);
    bench.send('a');
    await bench.playOut();
    bench.broker.wipe();
    bench.send('b', { expiresAt: bench.sim.nowMs + 1_000 });
    bench.sim.after(5_000, () => void bench.consumer('one'));
    await bench.playOut();
    expect(bench.got).toEqual([]);
    expect(bench.mishaps).toEqual(['wiped', 'expired']);
  });

  it.each([
    ['lost', 0],
    ['doubled', 2],
  ] as const)('messages may be %s', async (vice, atLeast) => {
    const bench = new Bench();
    bench.broker.weather = { ...CLEAR, [vice]: 100 };
    bench.consumer('one');
    bench.send('a');
    await bench.playOut();
    expect(bench.got.length >= atLeast && bench.got.length <= atLeast * 3).toBe(true);
    expect(bench.mishaps).toContain(vice);
  });

  it('lets messages of a group overtake each other when told so', async () => {
    const bench = new Bench();
    bench.broker.weather = { ...CLEAR, overtaking: 100 };
    bench.consumer('one');
    for (let i = 0; i < 9; i++) bench.send(String(i), { groupId: 'g' });
    await bench.playOut();
    expect(bench.got).toHaveLength(9);
    expect(bench.got.map((line) => line.slice(-1)).join('')).not.toBe('012345678');
  });
});
