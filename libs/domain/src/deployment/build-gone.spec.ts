import { describe, expect, it } from '@jest/globals';
import type { DeploymentInput } from '../index.js';
import { World } from '../../test/world.js';

const gone = { type: 'build.gone', data: { name: 'shop', evr: '1.1.0-1' } } as never;

function until(phase: string): World {
  const world = new World();
  world.request();
  world.until(() => world.phase('web1.lab') === phase);
  return world;
}

describe('F-088 a build that vanishes from its repository while it is deployed', () => {
  it('takes no further host out; who is on it is finished, and a person is told', () => {
    const world = until('running-puppet');
    expect(world.give(gone).outcome).toBe('accepted');
    expect(world.settle()).toBe('paused');
    expect(world.of('deployment.paused')[0]?.data).toMatchObject({ because: 'build-gone' });
    expect(world.phase('web1.lab')).toBe('done');
    expect(world.count('deployment.host-reserved')).toBe(1);
    const told = world.also.flatMap((f) => (f.type === 'attention.opened' ? [f.data] : []));
    const [item] = told.filter((data) => data.kind === 'deployment-paused');
    expect(item?.detail).toMatch(/shop-1\.1\.0-1 is in no repository any more: web2\.lab/);
  });

  it('is rolled back, or goes on when it is there again, as a person says', () => {
    const back = until('running-puppet');
    back.give(gone);
    back.settle();
    back.command('rollback');
    expect(back.settle()).toBe('rolled-back');
    expect(back.open).toEqual([]);
    const on = until('running-puppet');
    on.give(gone);
    on.settle();
    on.command('resume');
    expect(on.settle()).toBe('succeeded');
    expect(on.open).toEqual([]);
  });

  it('stops for it also when it is paused for something else that ends by itself', () => {
    const world = until('running-puppet');
    const held = { goOn: false, id: 'window:production', what: 'closed', who: 'the file' } as const;
    world.give({ type: 'deployment.binding', verdict: held });
    expect(world.give(gone).outcome).toBe('accepted');
    expect(world.give({ type: 'deployment.binding', verdict: { goOn: true } }).outcome).toBe(
      'ignored',
    );
    expect(world.settle()).toBe('paused');
    expect(world.count('deployment.host-reserved')).toBe(1);
  });

  it('is no news, however late it is told again, to a person who went on in spite of it', () => {
    const world = until('running-puppet');
    world.give(gone);
    world.command('resume');
    expect(world.give(gone).outcome).toBe('ignored');
    expect(world.settle()).toBe('succeeded');
  });

  it('is told once, and only deployments of it are told', () => {
    const world = until('running-puppet');
    const other = { type: 'build.gone', data: { name: 'shop', evr: '9.9.9-1' } } as never;
    expect(world.give(other).outcome).toBe('ignored');
    world.give(gone);
    expect(world.give(gone).outcome).toBe('ignored');
  });

  it('stops nothing when every host has its turn already', () => {
    const world = until('done');
    world.until(() => world.phase('web4.lab') === 'running-puppet');
    expect(world.give(gone).outcome).toBe('ignored');
    expect(world.settle()).toBe('succeeded');
  });

  it('is refused while its plan is made', () => {
    const world = new World();
    world.request();
    world.give(gone);
    expect(world.settle()).toBe('refused');
    expect(world.of('deployment.refused')[0]?.data.findings).toMatchObject([
      { code: 'build-gone' },
    ]);
    expect(world.count('deployment.host-reserved')).toBe(0);
  });

  it('is refused at once when it was gone before', () => {
    const world = new World();
    const builds = [{ name: 'shop', evr: '1.1.0-1', state: 'gone', note: '' }] as const;
    expect(world.request({ builds })).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'build-gone' },
    });
  });
});

describe('F-093 what a host has is in no repository any more', () => {
  const plannedWith = (accept: readonly string[]): World => {
    const world = new World();
    world.request({}, { accept: [...accept] });
    while (world.carryOut());
    const lost = [{ name: 'shop', evr: '1.0.0-1' }];
    const isWeb1 = (answer: DeploymentInput): boolean =>
      answer.type === 'puppet.host.surveyed' && answer.data.host === 'web1.lab';
    const at = world.answers.findIndex(isWeb1);
    world.answers[at] = { ...world.answers[at], gone: lost } as DeploymentInput;
    world.settle();
    return world;
  };

  it('stops the plan with nothing done, and names the host: there would be no way back', () => {
    const world = plannedWith([]);
    expect(world.state.status).toBe('refused');
    expect(world.of('deployment.refused')[0]?.data.findings).toMatchObject([
      { severity: 'confirm', code: 'no-way-back', host: 'web1.lab' },
    ]);
    expect(world.count('lb.drain.requested')).toBe(0);
  });

  it('goes ahead when a person has accepted that', () => {
    expect(plannedWith(['no-way-back']).state.status).toBe('succeeded');
  });
});
