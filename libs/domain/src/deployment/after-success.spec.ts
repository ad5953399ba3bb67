import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { World } from '../../test/world.js';
import type { DeploymentInput } from '../index.js';

/** A deployment that has succeeded, and every answer it was given on its way. */
function succeeded(): { readonly world: World; readonly answers: readonly DeploymentInput[] } {
  const world = new World({ hosts: 3 });
  const answers: DeploymentInput[] = [];
  world.request({}, { accept: ['no-way-back'] });
  while (!world.ended) {
    const [answer] = world.answers;
    if (answer !== undefined) answers.push(answer);
    if (!world.step()) throw new Error(`it stands still: ${world.state.status}`);
  }
  if (world.state.status !== 'succeeded') throw new Error(`it is ${world.state.status}`);
  return { world, answers };
}

/** The same answers the other way round: what was well has failed. */
function failures(answers: readonly DeploymentInput[]): readonly DeploymentInput[] {
  return answers.flatMap((answer): DeploymentInput[] => {
    if (answer.type === 'lb.drained') {
      const { requestId, host, pools } = answer.data;
      const why = { kind: 'unreachable', reason: 'no route', pools, restored: false } as const;
      return [{ type: 'lb.drain.failed', data: { requestId, host, ...why } }];
    }
    if (answer.type === 'lb.enabled') {
      const { requestId, host, pools } = answer.data;
      const why = { kind: 'unreachable', reason: 'no route', pools } as const;
      return [{ type: 'lb.enable.failed', data: { requestId, host, ...why } }];
    }
    if (answer.type !== 'puppet.version.published') return [];
    const { requestId, host, server } = answer.data;
    return [{ type: 'puppet.publish.failed', data: { requestId, host, server, reason: 'full' } }];
  });
}

describe('after a deployment has succeeded', () => {
  const { world, answers } = succeeded();
  const failed = failures(answers);
  const inputs: readonly DeploymentInput[] = [
    ...answers,
    ...failed,
    { type: 'tick' },
    { type: 'build.gone', data: world.target.packages[0]! },
    { type: 'deployment.withdraw', data: { because: 'stopped' } },
  ];

  it('F-100 nothing that fails, is lost or comes late afterwards is an event of it: no rollback begins, nothing more is asked for', () => {
    expect(new Set(failed.map(({ type }) => type)).size).toBe(3);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...inputs), { maxLength: 40 }), (late) => {
        const facts = world.facts.length;
        for (const input of late) {
          world.nowMs += 3_600_000;
          expect(world.give(input).outcome).toBe('ignored');
        }
        expect([world.state.status, world.facts.length]).toEqual(['succeeded', facts]);
        expect(world.requests).toEqual([]);
      }),
    );
  });

  it('F-100 it wants to be woken no more and holds nothing, so that the next one is not in its way', () => {
    expect(world.passTime()).toBe(false);
    expect(world.outOfService()).toEqual([]);
    expect(world.open).toEqual([]);
    const rollback = world.command('rollback');
    expect(rollback).toMatchObject({ outcome: 'refused' });
  });
});
