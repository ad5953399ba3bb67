import { describe, expect, it } from '@jest/globals';
import { World } from '../../test/world.js';
import type { RunningVerdict } from '../index.js';

const CLOSED: RunningVerdict = {
  ...{ goOn: false, id: 'window:production', rule: 'window', others: [] },
  ...{ what: 'production is outside its windows', who: 'the fleet file', todo: 'Wait.' },
  notBefore: '2026-01-02T08:00:00.000Z',
};

function during(phase: string, scripts = {}): World {
  const world = new World({ scripts });
  world.request();
  world.until(() => world.phase('web1.lab') === phase);
  return world;
}
const told = (world: World, verdict: RunningVerdict) =>
  world.give({ type: 'deployment.binding', verdict });

describe('what begins to bind while a deployment runs', () => {
  it('stops it before its next host, with when it goes on; who has his turn ends it', () => {
    const world = during('running-puppet');
    expect(told(world, CLOSED).outcome).toBe('accepted');
    expect(world.settle()).toBe('paused');
    expect(world.phase('web1.lab')).toBe('done');
    expect(world.count('deployment.host-reserved')).toBe(1);
    expect(world.of('deployment.paused')[0]?.data).toMatchObject({
      because: 'held',
      binding: 'window:production',
      reason: expect.stringMatching(/outside its windows.*2026-01-02T08/),
    });
  });

  it('lets it go on by itself when it has ended, and the item is closed', () => {
    const world = during('running-puppet');
    told(world, CLOSED);
    world.settle();
    expect(told(world, CLOSED).outcome).toBe('ignored');
    expect(told(world, { goOn: true }).outcome).toBe('accepted');
    expect(told(world, { goOn: true }).outcome).toBe('ignored');
    expect(world.settle()).toBe('succeeded');
    expect(world.open).toEqual([]);
  });

  it('accepts no failure when it ends: a budget that is spent stops it again', () => {
    const world = during('running-puppet', { 'web1.lab': { runs: ['fails'] } });
    told(world, CLOSED);
    world.settle();
    told(world, { goOn: true });
    expect(world.settle()).toBe('paused');
    expect(world.of('deployment.paused').at(-1)?.data.because).toBe('failure-budget');
  });

  it('is overridden by a person who resumes: that is on record', () => {
    const world = during('running-puppet');
    told(world, CLOSED);
    world.command('resume');
    expect(world.state).toMatchObject({ status: 'running', accept: ['window:production'] });
    expect(world.settle()).toBe('succeeded');
  });

  it('leaves it paused when a person wants that, whatever ends', () => {
    const world = during('running-puppet');
    told(world, CLOSED);
    expect(world.command('pause').outcome).toBe('accepted');
    expect(world.open).not.toContain(`deployment.${world.id}`);
    expect(told(world, { goOn: true }).outcome).toBe('ignored');
    expect(world.settle()).toBe('paused');
  });

  it('holds neither what goes back nor what has no host left to take', () => {
    const back = during('running-puppet');
    back.command('rollback');
    expect(told(back, CLOSED).outcome).toBe('ignored');
    expect(back.settle()).toBe('rolled-back');
    const last = during('done');
    last.until(() => last.phase('web4.lab') === 'running-puppet');
    expect(told(last, CLOSED).outcome).toBe('ignored');
    expect(last.settle()).toBe('succeeded');
  });
});
