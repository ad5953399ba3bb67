import { describe, expect, it } from '@jest/globals';
import { World } from '../../test/world.js';

const versions = (world: World): string[] => [...world.hosts.values()].map((h) => h.installed);
const inService = (world: World): number =>
  [...world.hosts.values()].filter((h) => h.inService).length;
const count = (world: World, type: string): number =>
  world.facts.filter((f) => f.type === type).length;

describe('a deployment', () => {
  it('brings every host to the build, one out at a time, with a whole chain of proof', () => {
    const world = new World();
    expect(world.request().outcome).toBe('accepted');
    expect(world.settle()).toBe('succeeded');
    expect(versions(world)).toEqual(Array(4).fill('1.1.0-1'));
    expect(world.lowestInService).toBe(3);
    expect(count(world, 'deployment.host-done')).toBe(4);
    expect(Math.max(...world.runsPerCommand.values())).toBe(1);
  });

  it('stops at an unhealthy canary, names it, and rolls back what was changed', () => {
    const world = new World({ scripts: { 'web1.lab': { healthy: false } } });
    world.request();
    expect(world.settle()).toBe('paused');
    expect(versions(world)).toEqual(['1.1.0-1', '1.0.0-1', '1.0.0-1', '1.0.0-1']);
    expect(
      world.also.filter((f) => f.type === 'attention.opened').map((f) => f.data.key),
    ).toContain('host-out-of-service.web1.lab');
    expect(world.command('rollback').outcome).toBe('accepted');
    expect(world.settle()).toBe('rolled-back');
    expect(versions(world)).toEqual(Array(4).fill('1.0.0-1'));
    expect(inService(world)).toBe(4);
    expect(world.also.some((f) => f.type === 'build.quarantined')).toBe(true);
  });

  it('returns a host unchanged when Puppet is disabled there', () => {
    const world = new World({ scripts: { 'web1.lab': { run: 'disabled' } } });
    world.request();
    expect(world.settle()).toBe('paused');
    expect(inService(world)).toBe(4);
    expect(world.facts.find((f) => f.type === 'deployment.host-failed')?.data).toMatchObject({
      host: 'web1.lab',
      outOfService: false,
      step: 'run',
    });
  });

  it('tries again with a new command when the Puppet server was unreachable', () => {
    const world = new World({ scripts: { 'web1.lab': { run: 'server-unreachable-once' } } });
    world.request();
    expect(world.settle()).toBe('succeeded');
    expect(world.runsPerCommand.size).toBe(5);
  });

  it('gives up a silent host after asking, and leaves it out with an attention item', () => {
    const world = new World({ scripts: { 'web2.lab': { run: 'silent' } } });
    world.request();
    expect(world.settle()).toBe('paused');
    expect(world.facts.find((f) => f.type === 'deployment.host-failed')?.data).toMatchObject({
      host: 'web2.lab',
    });
  });

  it('cancel touches no further host and ends with everybody in service', () => {
    const world = new World();
    world.request();
    while (count(world, 'deployment.host-done') < 1) world.answerNext();
    const drains = count(world, 'lb.drain.requested');
    expect(world.command('cancel').outcome).toBe('accepted');
    expect(world.settle()).toBe('cancelled');
    expect(count(world, 'lb.drain.requested')).toBe(drains);
    expect(inService(world)).toBe(4);
  });

  it('refuses a build that runs everywhere already', () => {
    const world = new World({ from: '1.1.0-1' });
    world.request();
    expect(world.settle()).toBe('refused');
    expect(world.facts.at(-1)).toMatchObject({
      type: 'deployment.refused',
      data: { findings: [{ code: 'already-running' }] },
    });
  });
});
