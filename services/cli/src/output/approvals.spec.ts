import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { runHere, type Ran } from '../../test/run-here.js';
import { json, startStubGateway, type StubGateway } from '../../test/stub-gateway.js';
import { deploymentView, ID } from '../../test/views.js';

const HASH = 'c'.repeat(64);
const approval = {
  ...{ planHash: HASH, quorum: 2, group: 'managers', expiresAt: '2026-03-11T09:00:00.000Z' },
  given: [{ by: 'bob', at: '2026-03-10T09:00:00.000Z', reason: 'fine' }],
  ...{ missing: 1, note: '' },
};

describe('gantry approve', () => {
  let stub: StubGateway;
  beforeAll(async () => {
    stub = await startStubGateway();
  });
  afterAll(() => stub.close());
  afterEach(() => stub.reset());
  const gantry = (...args: string[]): Promise<Ran> => runHere(args, stub.url);

  it.each([['approve'], ['reject']])(
    'shows the plan and asks for its hash first: nobody agrees to what they have not seen (%s)',
    async (decision) => {
      stub.on(`GET /deployments/${ID}`, json(deploymentView('awaiting-approval', { approval })));
      const { exitCode, out } = await gantry(decision, ID);
      expect(exitCode).toBe(2);
      expect(out).toContain(`awaiting-approval  1 of 2 approvals: gantry approve ${ID}`);
      expect(out).toContain(`plan      ${HASH}`);
      expect(out).toContain('1 of 2 by the group managers, until 2026-03-11');
      expect(out).toContain('web1');
      expect(out).toContain(`gantry ${decision} ${ID} --plan ${HASH} --reason TEXT`);
    },
  );

  it.each([
    ['approve', /Approved/],
    ['reject', /Rejected/],
  ])('gives the word on the plan that is named: %s', async (decision, told) => {
    stub.on(`POST /deployments/${ID}/${decision}`, json({ outcome: 'accepted', id: ID }, 202));
    const ran = await gantry(decision, ID, '--plan', HASH, '--reason', 'looks right');
    expect(ran.exitCode).toBe(0);
    expect(ran.out).toMatch(told);
    expect(stub.calls.at(-1)?.body).toEqual({ planHash: HASH, reason: 'looks right' });
  });

  it('says that nobody is asked', async () => {
    stub.on(`GET /deployments/${ID}`, json(deploymentView('running')));
    const { exitCode, out } = await gantry('approve', ID);
    expect(exitCode).toBe(3);
    expect(out).toContain("waits for nobody's approval");
  });
});
