import { describe, expect, it } from '@jest/globals';
import { World, type WorldOptions } from '../../test/world.js';

const HALF_AN_HOUR = 1_800_000;
const lost = (n: number): 'lost'[] => Array<'lost'>(n).fill('lost');

function begun(options: WorldOptions = {}): World {
  const world = new World(options);
  world.request();
  return world;
}

describe('F-017 while no message travels for half an hour', () => {
  it.each(['draining', 'drained', 'running-puppet', 'verifying', 'enabling'] as const)(
    'a host that is %s is asked again afterwards, and nothing has failed',
    (phase) => {
      const world = begun();
      world.until(() => world.phase('web1.lab') === phase);
      world.outage(HALF_AN_HOUR);
      expect(world.settle()).toBe('succeeded');
      expect(world.count('deployment.host-failed')).toBe(0);
      expect(world.also.filter((f) => f.type === 'attention.opened')).toEqual([]);
    },
  );

  it('a silence that was all but an answer is none: it was asked for in vain', () => {
    const world = begun({ scripts: { 'web1.lab': { drains: lost(7) } } });
    world.until(() => world.count('lb.drain.requested') === 8);
    world.outage(HALF_AN_HOUR);
    world.give({ type: 'tick' });
    expect(world.count('deployment.host-failed')).toBe(0);
    expect(world.count('lb.drain.requested')).toBe(9);
    expect(world.settle()).toBe('succeeded');
  });

  it('a host that is silent when messages travel again is called silent in the end', () => {
    const world = begun({ scripts: { 'web1.lab': { drains: lost(30) } } });
    world.until(() => world.count('lb.drain.requested') === 8);
    world.outage(HALF_AN_HOUR);
    expect(world.settle()).toBe('paused');
    expect(world.of('deployment.host-failed')[0]?.data).toMatchObject({ host: 'web1.lab' });
  });

  it('a plan is not made of answers that could not come: the survey is sent again', () => {
    const world = begun();
    world.outage(HALF_AN_HOUR);
    expect(world.settle()).toBe('succeeded');
    expect(world.count('puppet.survey.requested')).toBe(2);
    expect(world.count('deployment.host-skipped')).toBe(0);
  });

  it('an answer that comes before the survey was sent again does not close it', () => {
    const world = begun();
    world.carryOut();
    const [first] = world.answers;
    world.outage(HALF_AN_HOUR);
    world.give(first!);
    expect(world.state.status).toBe('requested');
    expect(world.settle()).toBe('succeeded');
  });

  it('a host that was brought over is not called unseen at the end', () => {
    const world = begun();
    world.until(() => world.state.status === 'verifying');
    const read = world.count('lb.survey.requested');
    world.outage(HALF_AN_HOUR);
    world.give({ type: 'tick' });
    expect(world.state.status).toBe('verifying');
    expect(world.count('lb.survey.requested')).toBe(read + 1);
    expect(world.settle()).toBe('succeeded');
  });
});
