import { describe, expect, it } from '@jest/globals';
import { World, type WorldOptions } from '../../test/world.js';

const SILENT_ONCE: WorldOptions = { scripts: { 'web2.lab': { survey: 'asked-twice' } } };
const SILENT: WorldOptions = { scripts: { 'web2.lab': { survey: 'silent' } } };

function asked(options: WorldOptions = {}): World {
  const world = new World(options);
  world.request();
  return world;
}

/** The question to the pools is lost this once. */
function poolsUnheard(world: World): void {
  const at = world.requests.findIndex((r) => r.type === 'lb.survey.requested');
  expect(at).toBeGreaterThanOrEqual(0);
  world.requests.splice(at, 1);
}

const questions = (world: World) => world.of('puppet.survey.requested').map((f) => f.data);

describe('a survey that somebody does not answer', () => {
  it('F-025 asks a silent host again before its silence stops anything', () => {
    const world = asked(SILENT_ONCE);
    expect(world.settle()).toBe('succeeded');
    const [first, second, ...more] = questions(world);
    expect(more).toEqual([]);
    // To a host it is the same command only with both.
    const { requestId, seq } = first!;
    expect(second).toMatchObject({ requestId, seq, hosts: ['web2.lab'] });
    expect(world.count('deployment.host-skipped')).toBe(0);
  });

  it('asks nobody again who has answered', () => {
    const world = asked();
    expect(world.settle()).toBe('succeeded');
    expect(questions(world)).toHaveLength(1);
  });

  it('refuses after the third question, and not at once: a late answer still counts', () => {
    const world = asked(SILENT);
    world.until(() => questions(world).length === 3);
    world.carryOut();
    const nextAt = world.nowMs;
    expect(world.state.status).toBe('requested');
    expect(world.passTime()).toBe(true);
    expect(world.nowMs - nextAt).toBeGreaterThan(14_000);
    expect(world.state.status).toBe('refused');
    expect(questions(world)).toHaveLength(3);
  });

  it('has the pools read once more when nobody has told of them', () => {
    const world = asked();
    poolsUnheard(world);
    expect(world.settle()).toBe('succeeded');
    const [first, second] = world.of('lb.survey.requested');
    expect(second?.data.requestId).toBe(first?.data.requestId);
    expect(questions(world)).toHaveLength(1);
  });

  it('asks once more before a plan that was consented to is dropped', () => {
    const world = asked({ approval: {} });
    world.until(() => world.state.status === 'awaiting-approval');
    const before = questions(world).length;
    world.approval('approve', 'bob');
    const index = world.requests.findIndex((r) => r.type === 'puppet.survey.requested');
    world.requests.splice(index, 1);
    expect(world.settle()).toBe('succeeded');
    expect(questions(world)).toHaveLength(before + 2);
    expect(world.count('deployment.approvals-voided')).toBe(0);
  });
});
