import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { boot, type Booted } from '../../test/boot.js';
import { expectProblem, postTo } from '../../test/calls.js';

const ID = '0190a0c4-1111-7000-8000-000000000001';
const DEPLOYMENT = `/api/v1/deployments/${ID}`;
const said = { planHash: 'a'.repeat(64), reason: 'canary first, looks right' };

describe('approvals over HTTP', () => {
  let gateway: Booted;
  beforeAll(async () => {
    gateway = await boot();
  });
  afterAll(() => gateway.close());
  afterEach(() => gateway.bus.reset());

  it.each(['approve', 'reject'])('takes a word on a plan: %s', async (action) => {
    gateway.bus.on(`deployment.${action}`, () => ({ outcome: 'accepted', subject: 'deployment' }));
    expect((await postTo(gateway, `${DEPLOYMENT}/${action}`, said)).status).toBe(202);
    expect(gateway.bus.asked).toMatchObject([
      { type: `deployment.${action}`, data: { deploymentId: ID, ...said } },
    ]);
  });

  it('tells who may not approve, and why', async () => {
    gateway.bus.on('deployment.approve', () => ({
      ...{ outcome: 'refused', code: 'approver-is-requester', status: 'conflict' },
      ...{ message: 'Anna has asked for it.', todo: 'Ask somebody else who may.', findings: [] },
    }));
    await expectProblem(
      await postTo(gateway, `${DEPLOYMENT}/approve`, said),
      409,
      'approver-is-requester',
    );
  });

  it.each([
    ['no plan', { reason: 'x' }],
    ['a plan that is no hash', { ...said, planHash: 'the latest' }],
    ['no reason', { ...said, reason: ' ' }],
    ['an approver of its choice', { ...said, by: 'bob' }],
  ])('refuses %s, and nobody hears of it', async (_what, body) => {
    await expectProblem(
      await postTo(gateway, `${DEPLOYMENT}/approve`, body),
      400,
      'request.invalid',
    );
    expect(gateway.bus.asked).toEqual([]);
  });
});
