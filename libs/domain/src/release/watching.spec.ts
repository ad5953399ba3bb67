import { describe, expect, it } from '@jest/globals';
import { RELEASE, ReleaseWorld, stage } from '../../test/release-world.js';
import type { ReleaseEvent } from './input.js';

const watched = (): ReleaseWorld => {
  const world = new ReleaseWorld();
  world.create(stage('production', { watch: ['pulse'], soakMs: 120_000 }));
  return world;
};
const asked = (world: ReleaseWorld): number =>
  world.of('gate.requested').filter((g) => g.moment === 'watch').length;

describe('a gate that watches', () => {
  it('is asked from the first deployment to the end of the stage, half a minute after each answer', () => {
    const world = watched();
    expect(asked(world)).toBe(1);
    world.gate(world.openWatches[0]!, 'pass');
    world.look();
    expect(asked(world)).toBe(1);
    world.nowMs += 30_000;
    world.look();
    expect(asked(world)).toBe(2);
    world.gate(world.openWatches[0]!, 'pass');
    world.ends(world.openDeployments[0]!, 'succeeded');
    expect(world.last).toBe('release.soak-started');
    world.nowMs += 30_000;
    world.look();
    expect(asked(world)).toBe(3);
    world.nowMs += 120_000;
    world.look();
    expect(world.last).toBe('release.succeeded');
    expect(world.of('gate.cancel-requested')).toHaveLength(1);
  });

  it('is asked as often as its stage says', () => {
    const world = new ReleaseWorld();
    world.create(stage('production', { watch: ['pulse'], watchEveryMs: 5_000, soakMs: 120_000 }));
    world.gate(world.openWatches[0]!, 'pass');
    world.nowMs += 4_999;
    world.look();
    expect(asked(world)).toBe(1);
    world.nowMs += 1;
    world.look();
    expect(asked(world)).toBe(2);
  });

  it('that fails stops the release, in the middle of its deployment as well as after it', () => {
    const during = watched();
    during.gate(during.openWatches[0]!, 'fail');
    expect(during.of('release.failed')).toEqual([
      { stage: 0, because: 'the gate pulse, which watches, failed' },
    ]);
    const after = watched();
    after.gate(after.openWatches[0]!, 'pass');
    after.ends(after.openDeployments[0]!, 'succeeded');
    after.nowMs += 30_000;
    after.look();
    after.gate(after.openWatches[0]!, 'fail');
    expect(after.last).toBe('release.failed');
  });

  it('goes on watching a release that a person has paused', () => {
    const world = watched();
    world.give({
      type: 'release.pause',
      data: { releaseId: RELEASE, reason: 'lunch' },
    } as unknown as ReleaseEvent);
    world.gate(world.openWatches[0]!, 'pass');
    for (let i = 0; i < 5 && asked(world) < 2; i += 1) world.wait();
    expect(asked(world)).toBe(2);
    world.gate(world.openWatches[0]!, 'fail');
    expect(world.last).toBe('release.failed');
  });

  it('that says neither yes nor no stops nothing: it is asked again', () => {
    const world = watched();
    world.gate(world.openWatches[0]!, 'inconclusive');
    expect(world.last).toBe('release.gate-finished');
    world.nowMs += 30_000;
    world.look();
    expect(asked(world)).toBe(2);
  });

  it('whose answer is lost is asked again under its own id', () => {
    const world = watched();
    const [first] = world.openWatches;
    for (let i = 0; i < 4 && asked(world) < 2; i += 1) world.wait();
    expect(world.openWatches).toEqual([first]);
  });

  it('wakes the release by itself', () => {
    const world = watched();
    world.gate(world.openWatches[0]!, 'pass');
    for (let i = 0; i < 5; i += 1) world.wait();
    expect(asked(world)).toBeGreaterThan(1);
  });
});
