import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { boot, type Booted } from '../../test/boot.js';
import { expectProblem, postTo } from '../../test/calls.js';

const ID = '0190a0c4-1111-7000-8000-000000000001';
const HOLDS = '/api/v1/holds';
const wanted = {
  rule: { kind: 'pin', version: '1.4' },
  scope: { over: 'environment', environment: 'production' },
  reason: 'the database moves',
};

describe('holds over HTTP', () => {
  let gateway: Booted;
  beforeAll(async () => {
    gateway = await boot();
  });
  afterAll(() => gateway.close());
  afterEach(() => gateway.bus.reset());

  it('places one and lifts it, and lists those that bind', async () => {
    for (const type of ['hold.place', 'hold.lift'])
      gateway.bus.on(type, () => ({ outcome: 'accepted', subject: 'hold' }));
    gateway.bus.on('audit.holds.list', () => ({ position: '1', items: [] }));
    const placed = await postTo(gateway, HOLDS, { ...wanted, until: '2026-12-24T18:00:00Z' });
    expect(placed.status).toBe(201);
    expect((await postTo(gateway, `${HOLDS}/${ID}/lift`, { reason: 'done' })).status).toBe(202);
    expect((await fetch(`${gateway.url}${HOLDS}?includeEnded=true`)).status).toBe(200);
    expect(gateway.bus.asked).toMatchObject([
      { type: 'hold.place', data: { ...wanted, until: '2026-12-24T18:00:00Z' } },
      { type: 'hold.lift', data: { holdId: ID, reason: 'done' } },
      { type: 'audit.holds.list', data: { includeEnded: true, limit: 100 } },
    ]);
  });

  it.each([
    ['a kind nobody knows', { ...wanted, rule: { kind: 'ban' } }],
    ['a pin without a version', { ...wanted, rule: { kind: 'pin' } }],
    ['a scope without its name', { ...wanted, scope: { over: 'pool' } }],
    ['no reason', { ...wanted, reason: ' ' }],
    ['an end that is no instant', { ...wanted, until: 'tomorrow' }],
    ['an owner of its choice', { ...wanted, owner: 'root' }],
  ])('refuses %s, and nobody hears of it', async (_what, body) => {
    await expectProblem(await postTo(gateway, HOLDS, body), 400, 'request.invalid');
    expect(gateway.bus.asked).toEqual([]);
  });
});
